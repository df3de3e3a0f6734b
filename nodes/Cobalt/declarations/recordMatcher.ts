import type { Simplified } from '../../shared/normalize/normalize';
import type { List } from '../../shared/pagination/pages';

/**
 * Where the record that a submission makes turns up, and how it is known again there. For the case that
 * Cobalt's answer to the submission was lost.
 */
export interface RecordMatcher {
	/** The list that shows it; its days are asked for with `start_date` and `end_date`. */
	list: Pick<List, 'path' | 'key'>;
	/** What else the list is asked for, each with the field of the submission that it is taken from. */
	query: Readonly<Record<string, string>>;
	/** The field of the submission, and of the record, that holds the moment: it must be the same. */
	moment: string;
	/** What else must be the same: fields of the record, each with that of the submission. */
	same: Readonly<Record<string, string>>;
	/** A field that tells of a record that it does not count any more, and what it says then. */
	gone: { key: string; value: RegExp };
	/** A field that tells how far Cobalt has come with a record, and what it says of each state. */
	progress: { key: string } & Readonly<Record<Progress, string>>;
	/** The key of the record's own id. */
	recordKey: string;
	/** How the list's records are spelled here. */
	simplified: Simplified;
}

/** How far Cobalt has come with a record: it is in the EHR, on its way there, or the EHR refused it. */
export type Progress = 'completed' | 'pending' | 'failed';
