import type { ItemInput } from '../parameters/itemInput';
import type { ItemContext } from '../run/itemFailure';
import type { Result } from '../run/result';

/** Brings the items of one kind of operation to their ends. */
export interface OperationHandler {
	/** To be called once, before the first item is performed. */
	prepare?(inputs: readonly ItemInput[]): Promise<void>;
	/** Never throws. */
	handle(input: ItemInput, itemContext: ItemContext): Promise<Result>;
	/** To be called once, after the last item: says in hints what the user asked to know. */
	report?(): void;
}
