import type { IDataObject } from 'n8n-workflow';

import type { CobaltRequest } from '../../shared/http/client';
import { saysSuccess, unwrap } from '../../shared/http/unwrapResponse';
import { firstText, isObject } from '../../shared/json';
import { simplifyKeys, type Simplified } from '../../shared/normalize/normalize';
import { findRecord, RecordQuery } from '../../shared/pagination/findRecord';
import { readRecords, UnexpectedResponseError } from '../../shared/pagination/pages';
import { systemClock as clock } from '../../shared/retry/clock';
import type { Derived, ListRead, Read, RecordRead } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import { CLINIC_KEY, type ItemContext } from '../run/itemFailure';
import type { Output, Result } from '../run/result';
import type { Run } from '../run/run';
import type { OperationHandler } from './handler';
import { addSlotsHint } from './hints';
import { readInSlot } from './reading';

/** Handles reads with an immediate response. A read changes nothing, so it may be repeated. */
export class ReadHandler implements OperationHandler {
	constructor(
		private readonly run: Run,
		private readonly operation: Read,
	) {}

	async handle(input: ItemInput, itemContext: ItemContext): Promise<Result> {
		return await readInSlot(this.run, input, itemContext, async () => await this.read(input));
	}

	private async read(input: ItemInput): Promise<Output[]> {
		const { operation } = this;
		switch (operation.kind) {
			case 'record':
				return [await this.readOne(operation, input)];
			case 'list':
				return await this.readMany(operation, input);
			case 'download':
				return [await this.readFile(input)];
		}
	}

	private async readOne(
		{ key, foundIn, simplified }: RecordRead,
		input: ItemInput,
	): Promise<Output> {
		const { account, request, values } = input;
		const query = Object.values(values).find((value) => value instanceof RecordQuery);
		if (foundIn && query) {
			const found = await findRecord(async (part) => await account.read(part), foundIn, query);
			return { json: shape(found, input, simplified) };
		}
		const record = await account.withRetry(async () => {
			const response = await account.send(request);
			return key === undefined ? wholeRecord(response) : recordIn(response, key);
		});
		return { json: shape(record, input, simplified) };
	}

	private async readMany(
		{ key, pageSize, namesClinic, shared = [], simplified, derive }: ListRead,
		input: ItemInput,
	): Promise<Output[]> {
		const { account, limit, request, values } = input;
		const list = { path: request.path, key, pageSize, query: request.query };
		// A retry repeats one request, not a whole list.
		const send = async (part: CobaltRequest) => await account.read(part);
		const { records, response } = await readRecords(send, list, derive ? Infinity : limit);
		const ofAll = Object.fromEntries(shared.map((name) => [name, response[name]]));
		const listed = records.map((record) => ({ ...ofAll, ...record }));
		const derived: Derived = derive?.(listed, values, clock.now()) ?? {
			records: listed,
			unclear: 0,
		};
		addSlotsHint(this.run, derived.unclear, listed.length);
		return derived.records.slice(0, limit).map((record) => {
			const json = shape(record, input, simplified);
			return { json, clinic: namesClinic && firstText(json[CLINIC_KEY]) };
		});
	}

	private async readFile({ account, request, outputField, values }: ItemInput): Promise<Output> {
		const id = String(values.id);
		const file = await account.download(request, `document-${id}`);
		return { json: { document_id: id }, binary: { [outputField]: file } };
	}
}

/** The record in a response: an object, or a list of one. Older responses nest it in `data`. */
function recordIn(response: IDataObject, key: string): IDataObject {
	const nested = isObject(response.data) ? response.data[key] : undefined;
	const found = [response[key], nested].flat().find(isObject);
	if (found === undefined) throw new UnexpectedResponseError();
	return found as IDataObject;
}

/** A response that is the record itself. Without `success: true`, it cannot be distinguished from an error. */
function wholeRecord(response: IDataObject): IDataObject {
	if (!saysSuccess(response)) throw new UnexpectedResponseError();
	return unwrap(response);
}

function shape(
	record: IDataObject,
	{ output }: ItemInput,
	simplified: Simplified | undefined,
): IDataObject {
	return simplified && output.kind !== 'raw' ? simplifyKeys(record, simplified) : record;
}
