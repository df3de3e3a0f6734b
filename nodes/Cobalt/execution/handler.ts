import type { Operation } from '../declarations/operation';
import { MutationHandler } from './mutationHandler';
import type { ItemContext } from '../run/failures';
import type { ItemInput } from '../parameters/itemInput';
import { JobHandler } from './jobHandler';
import { ReadHandler } from './readHandler';
import type { Result } from '../run/result';
import type { Run } from '../run/run';

/** Brings the items of one kind of operation to their ends. */
export interface OperationHandler {
	/** To be called once, before the first item is performed. */
	prepare?(inputs: readonly ItemInput[]): Promise<void>;
	/** Never throws. */
	handle(input: ItemInput, place: ItemContext): Promise<Result>;
	/** To be called once, after the last item: says in hints what the user asked to know. */
	report?(): void;
}

export function handlerOf(run: Run, operation: Operation): OperationHandler {
	switch (operation.kind) {
		case 'submission':
		case 'jobLookUp':
			return new JobHandler(run, operation);
		case 'change':
			return new MutationHandler(run, operation);
		case 'record':
		case 'list':
		case 'download':
			return new ReadHandler(run, operation);
	}
}
