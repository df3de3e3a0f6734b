import type { Delivery, EventRecord } from './event-log.mts';

/** The choices between documents that contradict each other (cobalt-api.md 8). */
export interface DialectOptions {
	/** Contradiction 3: `id/type/created` or `event_id/event_type/created_at`. Default 'plain'. */
	spelling?: 'plain' | 'prefixed';
	/** Contradiction 1: answers to submissions nested in `data`, or flat. Default 'data'. */
	nesting?: 'data' | 'flat';
	/** Contradiction 2: the type of `job_id` in these answers, or its absence. Default 'number'. */
	jobIds?: 'number' | 'string' | 'absent';
	/** Contradiction 5: whether the event log can be asked for one job. Default 'known'. */
	jobIdFilter?: 'known' | 'ignored';
}

/** How this Cobalt speaks, where the documents leave a choice. */
export interface Dialect {
	/** The answer to a submission that creates a record. */
	created(ids: Record<string, string>, message: string, jobId: string): object;
	/** The answer to a submission that changes a record. */
	changed(message: string, jobId: string): object;
	event(event: EventRecord, reference: string): object;
	/** What this spelling says of a delivery, and the parameter that asks for it. */
	deliveryStatus(delivery: Delivery): string;
	deliveryFilter: 'status' | 'delivery_status';
	sortKey: 'created' | 'created_at';
	knowsJobIdFilter: boolean;
}

/** Stands in until webhooks can be registered: without one, the documents do not say (3.4). */
const WEBHOOK_URL = 'https://hooks.example.com/cobalt';

/** The prefixed spelling knows only success and failed (3.4). */
const delivered = ({ status }: Delivery) => (status === 'success' ? 'success' : 'failed');

const spellings = {
	plain: {
		deliveryStatus: ({ status }) => status,
		deliveryFilter: 'status',
		sortKey: 'created',
		event: ({ id, created, type, jobId, delivery, data }, reference) => ({
			id,
			access_token_reference_id: reference,
			object: 'event',
			created,
			type,
			job_id: jobId,
			status: delivery.status,
			delivered: delivery.status === 'success',
			delivery_attempts: delivery.attempts,
			last_delivery_attempt: delivery.lastAttempt,
			response_status_code: delivery.responseStatusCode,
			data,
		}),
	},
	prefixed: {
		deliveryStatus: delivered,
		deliveryFilter: 'delivery_status',
		sortKey: 'created_at',
		event: ({ id, created, type, jobId, delivery, data }, reference) => ({
			event_id: id,
			event_type: type,
			webhook_url: WEBHOOK_URL,
			delivery_status: delivered(delivery),
			data,
			created_at: created,
			// Whether events without a job leave the key out or say null is not documented.
			job_id: jobId ?? null,
			access_token_reference_id: reference,
		}),
	},
} satisfies Record<
	string,
	Pick<Dialect, 'deliveryStatus' | 'deliveryFilter' | 'sortKey' | 'event'>
>;

/** Settles on one reading of the documents. */
export function createDialect(options: DialectOptions): Dialect {
	const { spelling = 'plain', nesting = 'data', jobIds = 'number' } = options;
	const job = (id: string) =>
		jobIds === 'absent' ? {} : { job_id: jobIds === 'number' ? Number(id) : id };
	const nest = (data: object) => (nesting === 'data' ? { data } : data);
	return {
		...spellings[spelling],
		knowsJobIdFilter: options.jobIdFilter !== 'ignored',
		created: (ids, message, jobId) => ({
			success: true,
			...nest({ ...ids, message, ...job(jobId) }),
		}),
		// Documented without any job_id, `message` at the top (2.5); seed 1 promises a job. It is put
		// where this dialect puts it for new records.
		changed: (message, jobId) => ({
			success: true,
			message,
			...(jobIds === 'absent' ? {} : nest(job(jobId))),
		}),
	};
}
