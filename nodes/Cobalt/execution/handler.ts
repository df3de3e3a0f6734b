import type { ItemInput } from '../parameters/itemInput';
import type { ItemContext } from '../run/itemFailure';
import type { Result } from '../run/result';
import type { SubmissionService } from '../submissions/submissionService';

/** Handles the items of one kind of operation. */
export interface OperationHandler {
	/** To be called once, before the first item. */
	prepare?(inputs: readonly ItemInput[]): Promise<void>;
	/** Never throws. */
	handle(input: ItemInput, itemContext: ItemContext): Promise<Result>;
	/** For an item that is only checked. Default: its request is shown. Never throws. */
	validate?(input: ItemInput, itemContext: ItemContext): Promise<Result>;
	/** To be called once, after the last item: adds hints that the user asked for. */
	report?(): void;
}

/** Sends what starts the jobs of items, each once. */
export type Submissions = Pick<
	SubmissionService,
	'prepare' | 'send' | 'sendAfresh' | 'settle' | 'isCompleted'
>;
