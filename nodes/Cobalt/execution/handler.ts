import type { ItemInput } from '../parameters/itemInput';
import type { ItemContext } from '../run/itemFailure';
import type { Result } from '../run/result';

/** Handles the items of one kind of operation. */
export interface OperationHandler {
	/** To be called once, before the first item. */
	prepare?(inputs: readonly ItemInput[]): Promise<void>;
	/** Never throws. */
	handle(input: ItemInput, itemContext: ItemContext): Promise<Result>;
	/** To be called once, after the last item: adds hints that the user asked for. */
	report?(): void;
}
