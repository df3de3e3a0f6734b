import type { IDataObject } from 'n8n-workflow';

import type { CobaltRequest, Send } from '../../../nodes/shared/http/client.js';
import { readRecords, type List } from '../../../nodes/shared/pagination/pages.js';
import { pagesOf } from '../../../tools/fake-cobalt/server/paging.mts';

export const PATIENTS: List = { path: '/patients', key: 'patients', pageSize: 100 };

/** A list for which Cobalt documents no pages. */
export const ORDERS: List = { path: '/orders', key: 'orders' };

export const STYLES = ['current', 'page', 'records'] as const;

interface Place {
	page?: number;
	page_size?: number;
}

/** A list that answers like this. */
export function listOf(response: (place: Place) => IDataObject) {
	const requests: CobaltRequest[] = [];
	const send: Send = async ({ method, path, query }) => {
		requests.push({ method, path, query });
		return Promise.resolve(response(query as Place));
	};
	return {
		send,
		requests,
		pages: () => requests.map(({ query }) => query?.page),
		sizes: () => [...new Set(requests.map(({ query }) => query?.page_size))],
		idsOf: async (list: List, max?: number) =>
			(await readRecords(send, list, max)).records.map(({ id }) => id),
	};
}

export const numbers = (count: number, from = 1): number[] =>
	Array.from({ length: count }, (_, index) => from + index);

export const records = (ids: number[]): IDataObject[] =>
	ids.map((id) => ({ id, name: `Patient ${id}` }));

/** What a list has and how it cuts it into pages. */
export interface Contents {
	total: number;
	style?: (typeof STYLES)[number];
	/** The longest page that it gives, whatever is asked for. */
	cap?: number;
}

/** One page as the fake Cobalt cuts it, with the pagination in the style of that list. */
export function cut({ total, style = 'current', cap = 100 }: Contents, { page, page_size }: Place) {
	const place = { page, page_size: Math.min(page_size ?? cap, cap) };
	const pages = pagesOf({ style, size: cap, max: cap });
	const { items, pagination } = pages.cut(records(numbers(total)), place);
	return { patients: items, pagination };
}

export const patients = (contents: Contents) => listOf((place) => cut(contents, place));
