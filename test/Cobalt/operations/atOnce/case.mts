/** What is set up, what is sent, and what comes out, for one operation that Cobalt answers at once. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

/** A request as Cobalt documents it: every value of a query is text. */
export interface Sent {
	method: string;
	path: string;
	query?: Record<string, string>;
	body?: unknown;
}

export interface Case {
	/** Every field that the operation has, filled in. */
	full: INodeParameters;
	sent: Sent;
	/** No more than what is required. Absent: nothing can be left out. */
	bare?: INodeParameters;
	sentBare?: Sent;
	/** The first item, simplified. Asked for after the run. */
	item: () => IDataObject;
	/** What else happens while it runs. */
	meanwhile?: () => void;
}

/** The first of these records. */
export function first<T>(records: T[]): T {
	const [record] = records;
	if (record === undefined) throw new Error('The fake Cobalt has no such record');
	return record;
}

/** As n8n saves what was picked from a list. */
export const picked = (value: string, name = 'Somebody') => ({
	__rl: true,
	mode: 'list',
	value,
	cachedResultName: name,
});

export const JUNE = { startDate: '2025-06-02', endDate: '2025-06-06' };
export const IN_JUNE = { start_date: '2025-06-02', end_date: '2025-06-06' };

/** By default 50 records are asked for. */
export const FIFTY = { page: '1', page_size: '50' };
