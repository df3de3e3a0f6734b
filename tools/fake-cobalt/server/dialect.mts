import { worstOf, type Delivery } from '../events/delivery.mts';
import type { CobaltEvent, LogEntry } from '../events/eventLog.mts';
import { eventNames, isLiveFetch, type Kind, type Names } from '../events/eventNames.mts';
import type { Order, Webhook } from '../world/records.mts';
import { CustomResponse } from './response.mts';

type Refusable =
	| 'job_id'
	| 'event_type'
	| 'status'
	| 'delivery_status'
	| 'start_date'
	| 'page'
	| 'page_size'
	| 'sort';

type LogParameters = Partial<Record<Refusable, 'ignored' | 'refused' | 'reversed' | 'shuffled'>>;

/** Choices between documents that contradict each other (docs/api-notes.md, "What the documents disagree on"). */
export interface DialectOptions {
	/** The spelling of events: `id/type/created` or `event_id/event_type/created_at`. Default 'plain'. */
	spelling?: 'plain' | 'prefixed';
	/** Whether responses to submissions are nested in `data` or flat. Default 'data'. */
	nesting?: 'data' | 'flat';
	/** The type of `job_id` in these responses, or its absence. Default 'number'. */
	jobIds?: 'number' | 'string' | 'absent';
	/** The type of `job_id` in the event log: the documented payloads show strings. Default 'string'. */
	eventJobIds?: 'string' | 'number';
	/** Whether the event log knows the `job_id` filter. Default 'known'. A 'blind' log
	 * knows it but finds nothing. */
	jobIdFilter?: 'known' | 'ignored' | 'blind';
	/** Whether the list of appointments includes those that are not in the EHR (yet): not documented. Default
	 * false. */
	listsUnfinished?: boolean;
	/** Whether the list of patients shows Cobalt's id: the fields that newer pages added are not visible. Default
	 * false. */
	patientIds?: boolean;
	/** How the event log handles parameters that not every version of its page has, or that it may handle
	 * differently from the documents. `reversed` and `shuffled` (by the ids) are for `sort`. */
	logParameters?: LogParameters;
	/** Whose events the event log of an access token lists: those of its clinic, or of all clinics of the client. Not
	 * documented. Default 'clinic'. */
	logOf?: 'clinic' | 'client';
	/** The envelope of live-fetch events, and the response that starts one. Default 'new'. */
	liveFetch?: 'new' | 'old';
	/** The event of an uploaded note. Default 'created'. */
	noteEvent?: 'created' | 'uploaded';
	/** The shape of orders. Default 'new'. */
	orders?: 'new' | 'old';
	/** The type of a claim's amounts. Default 'number'. */
	money?: 'number' | 'string';
	/** The response to a webhook registration, named after the page that shows it. Default 'guide'. */
	webhookResponse?: 'guide' | 'example' | 'schema';
	/** Whether every URL has its own secret, as in the reference, or all share the account's, as in the guide.
	 * Default 'each'. */
	oneSecret?: 'account' | 'each';
	/** Whether a registered URL is stored as it was sent or normalized by a URL parser: not documented. Default
	 * 'sent'. */
	webhookUrls?: 'sent' | 'normalized';
	/** Whether registration responses and the list contain the secret, as in all documents. Default true. */
	showsSecrets?: boolean;
}

/** One reading of the documents, where they leave a choice. */
export interface Dialect {
	/** The response to a submission that creates a record. */
	created(ids: Record<string, string>, message: string, jobId: string): object;
	/** The response to a submission that changes a record, and to messages: `message` is at the top. */
	changed(ids: Record<string, string>, message: string, jobId: string): object;
	/** The response where the documents show only a flat one. */
	accepted(ids: Record<string, string>, message: string, jobId: string): object;
	/** The response to a live fetch: always flat, with a string `job_id`. */
	fetching(message: string, jobId: string): object;
	eventNames(kind: Kind): Names;
	order(order: Order, patient: { name: string | null; dob: string | null }): object;
	money(dollars: number): number | string;
	webhookRegistered(webhook: Webhook): object;
	webhookUrl(url: string): string;
	showsSecrets: boolean;
	/** Whether all URLs of the account share one secret. */
	hasOneSecret: boolean;
	/** The entries that the log has for an event: for each, the deliveries that it reports. */
	entries(deliveries: Delivery[]): Delivery[][];
	/** An entry of the log. */
	event(entry: LogEntry): object;
	/** The delivered envelope: `id/type/created`, whatever the spelling of the log. */
	envelope(event: CobaltEvent): object;
	/** The status of a delivery in this spelling, and the query parameter for it. */
	deliveryStatus(delivery: Delivery): string;
	deliveryFilter: 'status' | 'delivery_status';
	sortKey: 'created' | 'created_at';
	isLogOfClient: boolean;
	knowsJobIdFilter: boolean;
	hasBlindJobIdFilter: boolean;
	listsUnfinished: boolean;
	listsPatientIds: boolean;
	logParameters: LogParameters;
}

/** An event whose `jobId` has this dialect's type. */
interface Shown extends Omit<CobaltEvent, 'jobId'> {
	jobId?: string | number;
}

type ShowEvent = (event: Shown, delivery: Delivery) => object;

/** The prefixed spelling knows only success and failed. */
const delivered = ({ status }: Delivery) => (status === 'success' ? 'success' : 'failed');

/**
 * The spellings of the log. An entry has one status and, in the prefixed spelling, one URL. The documents do not
 * say what happens to an event with several URLs. Here, the plain spelling has one entry for it, with the worst
 * delivery; the prefixed one has an entry for each URL, all with the same `event_id`.
 */
const spellings = {
	plain: {
		entries: (deliveries) => [deliveries],
		deliveryStatus: ({ status }) => status,
		deliveryFilter: 'status',
		sortKey: 'created',
		event: ({ id, reference, created, type, jobId, data }, delivery) => ({
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
		entries: (deliveries) => deliveries.map((delivery) => [delivery]),
		deliveryStatus: delivered,
		deliveryFilter: 'delivery_status',
		sortKey: 'created_at',
		event: ({ id, reference, created, type, jobId, data }, delivery) => ({
			event_id: id,
			event_type: type,
			webhook_url: delivery.url,
			delivery_status: delivered(delivery),
			data,
			created_at: created,
			// Whether events without a job omit the key or have null is not documented.
			job_id: jobId ?? null,
			access_token_reference_id: reference,
		}),
	},
} satisfies Record<
	string,
	Pick<Dialect, 'entries' | 'deliveryStatus' | 'deliveryFilter' | 'sortKey'> & { event: ShowEvent }
>;

/** Live-fetch events in the log: the names of their own envelope replace the log's names or, in the newer dialect,
 * stand beside them. */
const liveFetches = {
	new: {
		event: (item: object, { created }: Shown) => ({
			...item,
			timestamp: created,
			action: 'sync',
		}),
		envelope: ({ id, reference, jobId, created, type, data }: Shown) => ({
			id,
			access_token_reference_id: reference,
			job_id: jobId,
			timestamp: created,
			type,
			action: 'sync',
			data,
		}),
		fetching: (message: string, job_id: string) => ({ success: true, message, job_id }),
	},
	old: {
		event: (item: object, { reference, created, jobId }: Shown) => {
			const replaced = ['access_token_reference_id', 'job_id', 'created', 'created_at'];
			return {
				...Object.fromEntries(Object.entries(item).filter(([key]) => !replaced.includes(key))),
				user_id: reference,
				job_execution_id: jobId,
				timestamp: created,
				action: 'sync',
			};
		},
		envelope: ({ id, reference, jobId, created, type, data }: Shown) => ({
			id,
			user_id: reference,
			job_execution_id: jobId,
			timestamp: created,
			type,
			action: 'sync',
			data,
		}),
		fetching: (message: string, job_execution_id: string) =>
			new CustomResponse({ status: 202, body: { success: true, message, job_execution_id } }),
	},
};

/** The delivered envelope, except for live fetches. */
const envelope = ({ id, reference, created, type, jobId, data }: Shown) => ({
	id,
	access_token_reference_id: reference,
	object: 'event',
	created,
	type,
	job_id: jobId,
	data,
});

const orders = {
	new: (order: Order, patient: { name: string | null; dob: string | null }) => ({
		order_id: order.order_id,
		order_name: order.order_name,
		order_date: order.order_date,
		provider_id: order.provider_id,
		patient_mrn: order.patient_mrn,
		patient_name: patient.name,
		patient_dob: patient.dob,
		appointment_id: order.appointment_id,
		lab_results: order.lab_results,
	}),
	old: ({ id, type, status, order_date, order_name }: Order) => ({
		id,
		type,
		status,
		ordered_date: order_date,
		details: { name: order_name },
	}),
};

/** Three pages, three shapes. */
const webhookResponses = {
	guide: ({ secret }: Webhook) => ({
		message: 'Webhook registered successfully',
		webhook_secret_key: secret,
	}),
	example: ({ id, url, secret }: Webhook) => ({
		webhook_id: id,
		webhook_url: url,
		webhook_secret: secret,
	}),
	schema: ({ id, url, secret }: Webhook) => ({
		webhook: { webhook_id: id, webhook_url: url, webhook_secret_key: secret },
	}),
};

/** Creates the dialect for these choices. */
export function createDialect(options: DialectOptions): Dialect {
	const { spelling = 'plain', nesting = 'data', jobIds = 'number' } = options;
	const { liveFetch = 'new', noteEvent = 'created', money = 'number' } = options;
	const { webhookResponse = 'guide', eventJobIds = 'string', showsSecrets = true } = options;
	const job = (id: string) =>
		jobIds === 'absent' ? {} : { job_id: jobIds === 'number' ? Number(id) : id };
	const show = ({ jobId, ...rest }: CobaltEvent): Shown => ({
		...rest,
		...(jobId === undefined ? {} : { jobId: eventJobIds === 'number' ? Number(jobId) : jobId }),
	});
	const nest = (data: object) => (nesting === 'data' ? { data } : data);
	return {
		...spellings[spelling],
		event({ event, deliveries }) {
			const shown = show(event);
			const item = spellings[spelling].event(shown, worstOf(deliveries));
			return isLiveFetch(event.type) ? liveFetches[liveFetch].event(item, shown) : item;
		},
		envelope: (event) =>
			(isLiveFetch(event.type) ? liveFetches[liveFetch].envelope : envelope)(show(event)),
		fetching: liveFetches[liveFetch].fetching,
		eventNames: (kind) => ({
			...eventNames[kind],
			...(kind === 'note.create' ? { done: `note.${noteEvent}` } : {}),
		}),
		order: orders[options.orders ?? 'new'],
		money: (dollars) => (money === 'number' ? dollars : dollars.toFixed(2)),
		webhookRegistered: (webhook) => ({
			success: true,
			...webhookResponses[webhookResponse](showsSecrets ? webhook : { ...webhook, secret: '' }),
		}),
		webhookUrl: (url) => (options.webhookUrls === 'normalized' ? new URL(url).href : url),
		showsSecrets,
		hasOneSecret: options.oneSecret === 'account',
		logParameters: options.logParameters ?? {},
		isLogOfClient: options.logOf === 'client',
		knowsJobIdFilter: options.jobIdFilter !== 'ignored',
		hasBlindJobIdFilter: options.jobIdFilter === 'blind',
		listsUnfinished: options.listsUnfinished === true,
		listsPatientIds: options.patientIds === true,
		created: (ids, message, jobId) => ({
			success: true,
			...nest({ ...ids, message, ...job(jobId) }),
		}),
		// Documented without any job_id, `message` at the top; the page on awaiting results promises a job. It goes
		// where this dialect puts it for new records.
		changed(ids, message, jobId) {
			const inner = { ...ids, ...job(jobId) };
			return {
				success: true,
				message,
				...(Object.keys(inner).length === 0 ? {} : nest(inner)),
			};
		},
		accepted: (ids, message, jobId) => ({ success: true, message, ...ids, ...job(jobId) }),
	};
}
