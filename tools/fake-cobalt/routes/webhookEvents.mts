import type { EventFilter, EventLog, LogEntry } from '../events/eventLog.mts';
import { Refusal } from '../server/response.mts';
import { pagesOf } from '../server/paging.mts';
import { route } from '../server/route.mts';
import { day, oneOf, optional, text } from '../server/validation.mts';
import type { Sequence } from '../world/timeline.mts';

/** Parameters that this fake does not handle as documented. */
type SupportedParameters = Record<string, string | undefined>;

const pages = pagesOf({ style: 'current', size: 50, max: 100 });

/** What several logs list together, in one order. */
function listAll(logs: readonly EventLog[], filter: EventFilter): Sequence<LogEntry> {
	const [only, ...others] = logs.map((log) => log.list(filter));
	if (only !== undefined && others.length === 0) return only;
	const direction = filter.oldestFirst ? 1 : -1;
	return [only ?? [], ...others]
		.flatMap((events) => events.slice(0, events.length))
		.sort((one, other) => direction * (one.at - other.at || one.turn - other.turn));
}

/** Sorted by their reversed ids, which is unrelated to time. */
function shuffled(events: Sequence<LogEntry>): LogEntry[] {
	const place = ({ event }: LogEntry): string => Buffer.from(event.id).reverse().toString('hex');
	return events.slice(0, events.length).sort((one, other) => (place(one) < place(other) ? -1 : 1));
}

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
		run({ client, log, dialect }, { query: asked }) {
			const supported: SupportedParameters = dialect.logParameters;
			const names = Object.keys(asked) as (keyof typeof asked)[];
			for (const name of names) {
				if (asked[name] !== undefined && supported[name] === 'refused') {
					throw new Refusal(400, `Unexpected parameter: ${name}`);
				}
			}
			const query = Object.fromEntries(
				names.filter((name) => supported[name] !== 'ignored').map((name) => [name, asked[name]]),
			) as Partial<typeof asked>;
			const { sort = `-${dialect.sortKey}` } = query;
			if (supported.sort === undefined && sort.replace('-', '') !== dialect.sortKey) {
				throw new Refusal(400, `Invalid value for field: sort. Expected ${dialect.sortKey}.`);
			}
			const wanted = query[dialect.deliveryFilter];
			const isNewestFirst =
				sort.startsWith('-') !== (supported.sort === 'reversed' && asked.sort !== undefined);
			const logs = dialect.isLogOfClient ? client.logs : [log];
			const events = listAll(logs, {
				type: query.event_type,
				jobId: dialect.knowsJobIdFilter ? query.job_id : undefined,
				from: query.start_date,
				to: query.end_date,
				delivered:
					wanted === undefined
						? undefined
						: (delivery) => dialect.deliveryStatus(delivery) === wanted,
				oldestFirst: !isNewestFirst,
			});
			const isHidden = dialect.hasBlindJobIdFilter && query.job_id !== undefined;
			const shown = supported.sort === 'shuffled' ? shuffled(events) : events;
			const { items, pagination } = pages.cut(isHidden ? [] : shown, query);
			return {
				success: true,
				webhook_events: items.map((entry) => dialect.event(entry)),
				pagination,
			};
		},
	}),
];
