import type { IDataObject } from 'n8n-workflow';

import type { ItemInput } from '../parameters/itemInput';
import type { Ready } from '../parameters/recordId';
import type { ItemContext } from '../run/itemFailure';
import type { Result } from '../run/result';
import { outcomeUnknown, recordFailed } from '../run/submissionFailures';
import { describeSearch, type FoundRecord } from './recordRecovery';
import type { SubmissionIds } from './submissionStore';

/** A write that Cobalt accepted. */
export interface AcceptedSubmission {
	status: 'accepted';
	receipt: SubmissionIds;
	/** When the request was sent; epoch milliseconds. */
	sentAt?: number;
	/** Cobalt's response, if this run sent it. */
	response?: IDataObject;
	/** The record that it created, if the response was lost and the record was found in a list. */
	found?: { state: 'completed' | 'pending'; record: IDataObject };
	/** Key of its entry in the store. */
	key: string;
	/** Whether an earlier try sent different contents for the item. */
	hasOtherContents: boolean;
}

/** A write that Cobalt accepted, or else the item's result. */
export type Sent = AcceptedSubmission | Result;

/**
 * Called right before an item is sent. It completes the item, or returns a result instead, and then nothing
 * is sent.
 */
export type Precheck = (input: ItemInput, itemContext: ItemContext) => Promise<Ready | Sent>;

/** The submission of a record that was found in a list. */
export const submissionOf = (
	{ recordId }: FoundRecord,
	key: string,
	sentAt: number | undefined,
): AcceptedSubmission => ({
	status: 'accepted',
	receipt: { recordId },
	sentAt,
	key,
	hasOtherContents: false,
});

/**
 * The result of a submission whose record was found.
 *
 * @param reason why the outcome was unknown
 * @param recordKey the key of the record's id
 */
export function adoptRecord(
	found: FoundRecord,
	submission: AcceptedSubmission,
	itemContext: ItemContext,
	reason: string,
	recordKey: string | undefined,
): Sent {
	const { state, recordId, record } = found;
	const withId = recordKey ? { ...itemContext, ids: { [recordKey]: recordId } } : itemContext;
	switch (state) {
		case 'completed':
		case 'pending':
			return { ...submission, found: { state, record } };
		case 'failed':
			return { status: 'failed', failure: recordFailed(withId) };
		case 'gone':
		case 'unrecognized': {
			const search = describeSearch({ status: 'found', found });
			const about = state === 'gone' ? itemContext : withId;
			return { status: 'failed', failure: outcomeUnknown(about, reason, { search }) };
		}
	}
}
