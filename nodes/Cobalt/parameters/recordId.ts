import { firstText } from '../../shared/json';
import { findRecord, NotUniqueError, RecordQuery } from '../../shared/pagination/findRecord';
import type { Operation, Submission } from '../declarations/operation';
import type { ItemContext } from '../run/itemFailure';
import { rejected } from '../run/requestFailures';
import type { Result } from '../run/result';
import type { ItemInput } from './itemInput';
import { requestOf } from './itemRequest';

/** An item that can be sent as it is. */
export interface Ready {
	status: 'ready';
	input: ItemInput;
}

/**
 * Completes the request of an item that names its record by another id than the path needs: Cobalt's id is
 * read from a list. All other items are ready as they are. Never throws.
 */
export async function completed(
	operation: Operation,
	input: ItemInput,
	itemContext: ItemContext,
): Promise<Ready | Result> {
	return await withRecordId(operation, input).then(
		(ready) => ({ status: 'ready', input: ready }),
		(error: unknown) => ({ status: 'failed', failure: rejected(itemContext, error) }),
	);
}

/**
 * @throws NotUniqueError unless the list has exactly one such record and shows its id; and what a read throws
 */
async function withRecordId(operation: Operation, input: ItemInput): Promise<ItemInput> {
	const { account, values } = input;
	const { id: query } = values;
	const { idFoundIn: list, recordKey = 'id' }: Partial<Submission> =
		operation.kind === 'submission' ? operation : {};
	if (list === undefined || !(query instanceof RecordQuery)) return input;
	const record = await findRecord(async (part) => await account.read(part), list, query);
	const id = firstText(record.id, record[recordKey]);
	if (id === undefined) {
		throw new NotUniqueError(
			`Cobalt's list of ${list.noun}s does not show the Cobalt ID of this ${list.noun}`,
			list.adviceWithoutId,
		);
	}
	const completed = { ...values, id };
	return { ...input, values: completed, request: requestOf(operation, completed) };
}
