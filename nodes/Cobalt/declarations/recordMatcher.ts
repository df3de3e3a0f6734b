import type { Simplified } from '../../shared/normalize/normalize';
import type { List } from '../../shared/pagination/pages';

/**
 * Where the record of a submission appears, and how it is recognized there. Used when Cobalt's response to
 * the submission was lost.
 */
export interface RecordMatcher {
	/** The list that shows it, whose days are selected with `start_date` and `end_date`. */
	list: Pick<List, 'path' | 'key'>;
	/** Further query parameters, each with the field of the submission that has its value. */
	query: Readonly<Record<string, string>>;
	/** The field of the submission, and of the record, that holds the date and time: it must be the same. */
	time: string;
	/** Further fields of the record, each with the field of the submission that must be equal. */
	same: Readonly<Record<string, string>>;
	/** A field of the record, and its value when the record no longer counts (it was cancelled). */
	gone: { key: string; value: RegExp };
	/** A field of the record that shows Cobalt's progress with it, and its value in each state. */
	progress: { key: string } & Readonly<Record<Progress, string>>;
	/** The key of the record's own id. */
	recordKey: string;
	/** The output names of the record's fields. */
	simplified: Simplified;
}

/** Cobalt's progress with a record: it is in the EHR, on its way there, or was refused by the EHR. */
export type Progress = 'completed' | 'pending' | 'failed';
