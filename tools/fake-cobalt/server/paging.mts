import type { Sequence } from '../world/timeline.mts';
import { optional, wholeNumber } from './validation.mts';

/** The documented pagination objects of lists. */
const styles = {
	current: (page: number, page_size: number, total_count: number, total_pages: number) => ({
		current_page: page,
		total_pages,
		total_count,
		page_size,
	}),
	page: (page: number, page_size: number, total_count: number, total_pages: number) => ({
		page,
		page_size,
		total_count,
		total_pages,
	}),
	records: (page: number, page_size: number, total_records: number, total_pages: number) => ({
		page,
		page_size,
		total_records,
		total_pages,
	}),
};

interface Pages {
	style: keyof typeof styles;
	/** The default page size. */
	size: number;
	/** The largest page size. */
	max: number;
}

/** Declares the pages of a list: the query parameters, and a function that cuts out one page. */
export function pagesOf({ style, size, max }: Pages) {
	return {
		query: { page: optional(wholeNumber(1)), page_size: optional(wholeNumber(1, max)) },
		cut<T>(items: Sequence<T>, query: { page?: number; page_size?: number }) {
			const { page = 1, page_size = size } = query;
			const pages = Math.ceil(items.length / page_size);
			return {
				items: items.slice((page - 1) * page_size, page * page_size),
				pagination: styles[style](page, page_size, items.length, pages),
			};
		},
	};
}
