import { firstText } from '../../shared/json';
import { findRecord, NotUniqueError, RecordQuery } from '../../shared/pagination/findRecord';
import type { Operation, Submission } from '../declarations/operation';
import type { ItemInput } from './itemInput';
import { requestOf } from './itemRequest';

/**
 * Completes the request of an item that names its record by another id than the one in the path: Cobalt's id
 * is read from a list. Every other item is returned as it is.
 *
 * @throws NotUniqueError if there is not one such record, or the list does not show its id; and what a read
 *   throws
 */
export async function withRecordId(operation: Operation, input: ItemInput): Promise<ItemInput> {
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
