import { optional, wholeNumber } from './validation.mts';

/** The paging parameters of a list (cobalt-api.md 5). Where a page documents no limits, the event
 * log's 50 and 100 stand in. */
export const pageQuery = {
	page: optional(wholeNumber(1)),
	page_size: optional(wholeNumber(1, 100)),
};

/** Cuts one page out of a list, with the documented pagination object. */
export function paginate<T>(items: T[], query: { page?: number; page_size?: number }) {
	const { page = 1, page_size = 50 } = query;
	return {
		items: items.slice((page - 1) * page_size, page * page_size),
		pagination: {
			current_page: page,
			total_pages: Math.ceil(items.length / page_size),
			total_count: items.length,
			page_size,
		},
	};
}
