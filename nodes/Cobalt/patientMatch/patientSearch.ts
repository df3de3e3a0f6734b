import type { IDataObject } from 'n8n-workflow';

import type { CobaltRequest } from '../../shared/http/client';
import type { List } from '../../shared/pagination/pages';
import { readWholeList } from '../../shared/pagination/wholeList';
import type { Clock } from '../../shared/retry/clock';
import type { Account } from '../run/account';

/** How long a list counts as fresh, for items of the same run. */
const MAX_AGE_MS = 30_000;

interface Reading {
	/** Epoch milliseconds. */
	startedAt: number;
	records: Promise<IDataObject[]>;
}

/** Searches Cobalt's copy of the EHR for patients. Items with the same search share one read of the list. */
export class PatientSearch {
	private readonly readings = new Map<Account, Map<string, Reading>>();

	/** @param list Cobalt's list of patients */
	constructor(
		private readonly list: List,
		private readonly clock: Clock,
	) {}

	/**
	 * @param query Cobalt's query parameters
	 * @param since only a read that started later counts; epoch milliseconds
	 * @returns all records that the list has for the query
	 * @throws IncompleteListError, CobaltApiError and others, if the list cannot be read; a failed read is
	 *   shared, too
	 */
	async find(account: Account, query: IDataObject, since = 0): Promise<IDataObject[]> {
		const now = this.clock.now();
		const key = JSON.stringify(query);
		const own = this.readings.get(account) ?? new Map<string, Reading>();
		this.readings.set(account, own);
		const known = own.get(key);
		if (known && known.startedAt > Math.max(since, now - MAX_AGE_MS)) return await known.records;
		const records = this.read(account, query);
		own.set(key, { startedAt: now, records });
		return await records;
	}

	private async read(account: Account, query: IDataObject): Promise<IDataObject[]> {
		// A retry repeats one request, not a whole list.
		const send = async (request: CobaltRequest) => await account.read(request);
		return await readWholeList(send, { ...this.list, query });
	}
}
