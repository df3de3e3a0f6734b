import { EventLog } from './events/eventLog.mts';
import { WebhookSender, type DeliveryAttempt } from './events/webhookSender.mts';
import { routes } from './routes/index.mts';
import type { Context } from './server/context.mts';
import type { ApiResponse } from './server/response.mts';
import { createDialect, type DialectOptions } from './server/dialect.mts';
import { FaultQueue, type Faults } from './server/faults.mts';
import { RequestLog, type LoggedRequest } from './server/requestLog.mts';
import { createServer, type Keys } from './server/server.mts';
import { CobaltClock } from './world/clock.mts';
import { createEhr } from './world/ehr.mts';
import { EhrWorker, type Job } from './world/ehrWorker.mts';
import { Random } from './world/random.mts';
import { createWorld, type World } from './world/world.mts';

export type { ApiResponse } from './server/response.mts';
export type { DialectOptions } from './server/dialect.mts';
export type { Appointment, Provider } from './world/ehr.mts';
export type * from './world/records.mts';
export type { NewAppointment } from './tasks/appointments.mts';
export type { DeliveryAttempt, DeliveryPlan } from './events/webhookSender.mts';
export type { EventRecord, NewEvent } from './events/eventLog.mts';
export type { Fault } from './server/faults.mts';
export type { LoggedRequest } from './server/requestLog.mts';
export type { Job, JobPlan } from './world/ehrWorker.mts';
export type { World } from './world/world.mts';

export interface CobaltOptions extends DialectOptions {
	/** On 127.0.0.1. Default 0: any free port. */
	port?: number;
	/** The seed of all random numbers. Default 1. */
	seed?: number;
	/** The median duration of a job. Default 4. */
	medianSeconds?: number;
	/** The timezone of the days in the event log's date filters: not documented. Default 'utc'. */
	dayZone?: string;
	/** How far Cobalt's clock is ahead (or, if negative, behind). Default 0. */
	clockSkewSeconds?: number;
	/** Whether webhooks may be registered at http URLs of this machine. The documents demand https, but tests have
	 * no certificates. Default false. */
	loopbackWebhooks?: boolean;
	/** How long every response is delayed. The request is processed at once. Default 0. */
	latencyMs?: number;
	/** How many clinics the client has, each with its own access token and reference ID (clinic_1, clinic_2, …). They
	 * start out identical otherwise, with the same record and job ids: only the token tells them apart. Default 1. */
	clinics?: number;
	/** What stands in front of the paths of Cobalt Link: the documents have both. Default '/v1'. */
	linkPrefix?: '/v1' | '';
	/** Called for every request once it was answered or cut off (then without an answer). */
	onRequest?: (request: LoggedRequest, response?: ApiResponse) => void;
	/** Called for every finished job: when a query has finished it or, while webhooks are registered, when it was
	 * due. */
	onJobDone?: (job: Job) => void;
}

/** The account behind one access token. */
export interface Clinic {
	readonly keys: Keys;
	/** Its `requests()` are those of all clinics. */
	readonly world: World;
	readonly ehrWorker: Pick<EhrWorker, 'plan'>;
}

/** A running fake. What belongs to one clinic is the first clinic's. */
export interface Cobalt extends Clinic {
	/** Without /v1. */
	readonly url: string;
	readonly clinics: readonly Clinic[];
	readonly faults: Faults;
	readonly webhookSender: Pick<WebhookSender, 'plan'>;
	/** Every attempt to deliver an event to a webhook, in the order in which they started. */
	readonly deliveries: readonly DeliveryAttempt[];
	/** Someone goes through Cobalt Link again: the clinic has another access token from now on. */
	reconnect(index: number): void;
	/** Resolves when no delivery is in flight or waiting. */
	delivered(): Promise<void>;
	/** Stops the server and aborts all deliveries. */
	close(): Promise<void>;
}

const KEYS: Keys = {
	clientId: 'ci_live_fake',
	clientSecret: 'cs_live_fake',
	accessToken: '493FAKE89789hLKH',
};

/** How many of them this process has started. */
let started = 0;

/**
 * Each has a client of its own: systems give a port again to another server, and with the same keys, a process
 * that remembers something of an account would take the two for one.
 */
function newClient(): Keys {
	started += 1;
	const number = started === 1 ? '' : `_${started}`;
	return { ...KEYS, clientId: KEYS.clientId + number };
}

/** The access token of a clinic, by its index. */
const tokenOf = (index: number) => (index === 0 ? KEYS.accessToken : `${KEYS.accessToken}${index}`);

/** What is there when a clinic is opened. */
interface Opened {
	client: Keys;
	requests: RequestLog;
	/** The client's first clinic. */
	first?: OpenClinic;
}

interface OpenClinic extends Clinic {
	keys: Keys;
	context: Context;
	webhookSender: WebhookSender;
	ehrWorker: EhrWorker;
}

/** Creates one clinic: its records and everything that works on them. */
function openClinic(
	index: number,
	options: CobaltOptions,
	{ client: ownClient, requests, first }: Opened,
): OpenClinic {
	const { seed = 1, medianSeconds = 4, dayZone = 'utc', clockSkewSeconds = 0 } = options;
	const clock = new CobaltClock(clockSkewSeconds);
	const ehr = createEhr(new Random(seed, 'ehr'));
	ehr.settings.access_token_reference_id = `clinic_${index + 1}`;
	const dialect = createDialect(options);
	// Webhooks are registered for the client.
	if (first) ehr.webhooks = first.context.ehr.webhooks;
	const webhookSender = first?.webhookSender ?? new WebhookSender({ ehr, dialect, clock });
	const random = new Random(seed, 'events');
	const log = new EventLog({ random, dayZone, clock, ehr, dialect, webhookSender });
	const durations = new Random(seed, 'durations');
	const ehrWorker = new EhrWorker(log, durations, medianSeconds, options.onJobDone);
	const client = first?.context.client ?? { logs: [], ehrWorkers: [] };
	client.logs.push(log);
	client.ehrWorkers.push(ehrWorker);
	const context: Context = {
		client,
		ehr,
		log,
		ehrWorker,
		dialect,
		ids: new Random(seed, 'ids'),
		clock,
		allowsLoopback: options.loopbackWebhooks ?? false,
	};
	const keys = { ...ownClient, accessToken: tokenOf(index) };
	return { keys, context, webhookSender, ehrWorker, world: createWorld(context, requests) };
}

/** Starts a fake Cobalt with its own server and records. */
export async function startCobalt(options: CobaltOptions = {}): Promise<Cobalt> {
	const { port = 0, latencyMs = 0, linkPrefix = '/v1', onRequest = () => undefined } = options;
	const faults = new FaultQueue(latencyMs);
	const requests = new RequestLog();
	const client = newClient();
	const first = openClinic(0, options, { client, requests });
	const others = Array.from({ length: (options.clinics ?? 1) - 1 }, (_, index) =>
		openClinic(index + 1, options, { client, requests, first }),
	);
	const clinics = [first, ...others];
	const contexts = new Map(clinics.map(({ keys, context }) => [keys.accessToken, context]));
	const server = createServer({
		routes,
		contexts,
		keys: client,
		faults,
		requests,
		linkPrefix,
		onRequest,
	});
	const url = await server.listen({ port, host: '127.0.0.1' });
	const { keys, world, ehrWorker, webhookSender } = first;
	return {
		url,
		keys,
		world,
		ehrWorker,
		clinics,
		faults,
		webhookSender,
		deliveries: webhookSender.attempts,
		reconnect(index) {
			const clinic = clinics[index];
			if (!clinic) throw new Error('There is no such clinic');
			contexts.delete(clinic.keys.accessToken);
			clinic.keys = { ...clinic.keys, accessToken: `${clinic.keys.accessToken}x` };
			contexts.set(clinic.keys.accessToken, clinic.context);
		},
		async delivered() {
			for (const clinic of clinics) clinic.ehrWorker.finishDueJobs();
			await webhookSender.delivered();
		},
		async close() {
			await server.close();
			for (const clinic of clinics) clinic.ehrWorker.runOnTimer(false);
			await webhookSender.close();
		},
	};
}
