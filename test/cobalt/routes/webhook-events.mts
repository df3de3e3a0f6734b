import { Refusal } from '../answer.mts';
import { pagesOf } from '../paging.mts';
import { route } from '../route.mts';
import { day, oneOf, optional, text } from '../validation.mts';

const pages = pagesOf({ style: 'current', size: 50, most: 100 });

export const webhookEventRoutes = [
	route({
		method: 'GET',
		path: '/webhook-events',
		query: {
			job_id: optional(text),
			event_type: optional(text),
			status: optional(oneOf('success', 'failed', 'pending')),
			delivery_status: optional(oneOf('success', 'failed')),
			start_date: optional(day),
			end_date: optional(day),
			sort: optional(oneOf('created', '-created', 'created_at', '-created_at')),
			...pages.query,
		},
		run({ log, dialect }, { query }) {
			const { sort = `-${dialect.sortKey}` } = query;
			if (sort.replace('-', '') !== dialect.sortKey) {
				throw new Refusal(400, `Invalid value for field: sort. Expected ${dialect.sortKey}.`);
			}
			const wanted = query[dialect.deliveryFilter];
			const events = log.list({
				type: query.event_type,
				jobId: dialect.knowsJobIdFilter ? query.job_id : undefined,
				from: query.start_date,
				to: query.end_date,
				delivered:
					wanted === undefined
						? undefined
						: (delivery) => dialect.deliveryStatus(delivery) === wanted,
				oldestFirst: !sort.startsWith('-'),
			});
			const isHidden = dialect.hasBlindJobIdFilter && query.job_id !== undefined;
			const { items, pagination } = pages.cut(isHidden ? [] : events, query);
			return {
				success: true,
				webhook_events: items.map((entry) => dialect.event(entry)),
				pagination,
			};
		},
	}),
];
