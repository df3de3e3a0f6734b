import type { Operation } from '../declarations/operation';
import { Changes } from './mutationHandler';
import type { ItemPlace } from './failures';
import type { ItemInput } from '../parameters/itemInput';
import { Jobs } from './jobHandler';
import { Reads } from './readHandler';
import type { Result } from './result';
import type { Run } from './run';

/** Brings the items of one kind of operation to their ends. */
export interface Performer {
	/** To be called once, before the first item is performed. */
	prepare?(inputs: readonly ItemInput[]): Promise<void>;
	/** Never throws. */
	perform(input: ItemInput, place: ItemPlace): Promise<Result>;
	/** To be called once, after the last item: says in hints what the user asked to know. */
	report?(): void;
}

export function performerOf(run: Run, operation: Operation): Performer {
	switch (operation.kind) {
		case 'submission':
		case 'jobLookUp':
			return new Jobs(run, operation);
		case 'change':
			return new Changes(run, operation);
		case 'record':
		case 'list':
		case 'download':
			return new Reads(run, operation);
	}
}
