import type { INodeExecutionData } from 'n8n-workflow';

import type { ItemFailure } from './itemFailure';

/** An output item without its pairing. An input item has any number of them. */
export interface Output extends Pick<INodeExecutionData, 'json' | 'binary'> {
	/** The clinic that Cobalt names, if it counts instead of the one that the item was run with. */
	clinic?: string;
}

/** How an input item ended; `cancelled` if the run stopped before it was done. */
export type Result =
	| {
			status: 'succeeded';
			outputs: Output[];
			/** Whether Cobalt accepted a write for it, which must not be sent again. */
			isWritten: boolean;
			job?: JobState;
			/** Whether the item was only checked, and nothing was sent. */
			isValidatedOnly?: true;
	  }
	| { status: 'failed' | 'cancelled'; failure: ItemFailure };

/** What the hints after a run need to know about a job. */
interface JobState {
	status: 'submitted' | 'completed' | 'pending';
	/** Whether the job cannot be looked up, because Cobalt gave no job_id. */
	hasNoId: boolean;
	/** Whether Cobalt's response was lost, and the record was found in a list. */
	isFound: boolean;
	/** Set if times without an offset were read in a different timezone than that of the appointment. */
	readElsewhere?: ReadElsewhere;
}

/** Timezones, as IANA names. */
export interface ReadElsewhere {
	readIn: string;
	clinic: string;
}
