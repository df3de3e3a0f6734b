import type { INodeExecutionData } from 'n8n-workflow';

import type { ItemFailure } from './failures';

/** What an item gives out: none, one or many, and files with them. */
export type Output = Pick<INodeExecutionData, 'json' | 'binary'>;

/** How an item ended; `left` when the run came to a stop before the item was done. */
export type Result =
	| {
			state: 'good';
			outputs: Output[];
			/** Whether Cobalt has taken something for it that must not be sent again. */
			isWritten: boolean;
			job?: JobState;
	  }
	| { state: 'bad' | 'left'; failure: ItemFailure };

/** What is to be said of the jobs of a whole run. */
interface JobState {
	status: 'submitted' | 'completed' | 'pending';
	/** Whether the job cannot be looked up, for Cobalt gave no job_id. */
	isNameless: boolean;
	/** Whether Cobalt's answer was lost, and the record was found in a list. */
	isFound: boolean;
}
