import type { Answer } from './answer.mts';
import { CobaltClock } from './clock.mts';
import { CourierAtWork, type Courier, type DeliveryAttempt } from './courier.mts';
import { createDialect, type DialectOptions } from './dialect.mts';
import { createEhr } from './ehr.mts';
import { EventLog } from './event-log.mts';
import { FaultAgenda, type Faults } from './faults.mts';
import { Random } from './random.mts';
import { RequestLog, type LoggedRequest } from './request-log.mts';
import { RobotAtWork, type Job, type Robot } from './robot.mts';
import { routes } from './routes/index.mts';
import { createServer, type Keys } from './server.mts';
import { createWorld, type World } from './world.mts';

export type { Answer } from './answer.mts';
export type { DialectOptions } from './dialect.mts';
export type { Appointment, Location, Patient, Provider, Settings } from './ehr.mts';
export type * from './records.mts';
export type { NewAppointment } from './tasks/appointments.mts';
export type { AccountEvents } from './account-events.mts';
export type { Courier, DeliveryAttempt, DeliveryPlan } from './courier.mts';
export type { Delivery } from './delivery.mts';
export type { EventRecord, Listing, NewEvent, ToldEvent } from './event-log.mts';
export type { Fault, Faults } from './faults.mts';
export type { InEhr } from './in-ehr.mts';
export type { Notice } from './notice.mts';
export type { LoggedRequest } from './request-log.mts';
export type { Job, Plan, Reason, Robot } from './robot.mts';
export type { Keys } from './server.mts';
export type { World } from './world.mts';

export interface CobaltOptions extends DialectOptions {
	/** On 127.0.0.1. Default 0: any free port. */
	port?: number;
	/** Everything that looks like chance follows from it. Default 1. */
	seed?: number;
	/** The median duration of a job. Default 4. */
	medianSeconds?: number;
	/** The timezone of the days in the event log's date filters: not documented. Default 'utc'. */
	dayZone?: string;
	/** How far Cobalt's own clock is ahead, or with a minus behind. Default 0. */
	clockSkewSeconds?: number;
	/** Whether webhooks may be registered at URLs of this machine without https, for tests have no
	 * certificates. The documents demand https. Default false. */
	loopbackWebhooks?: boolean;
	/** How long every answer takes. The work is done at once. Default 0. */
	latencyMs?: number;
	/** Told of every request once it is answered or cut off, and of the answer. */
	onRequest?: (request: LoggedRequest, answer?: Answer) => void;
	/** Told of every finished job: when somebody's asking has finished it, or while webhooks are
	 * registered, when it was due. */
	onJobDone?: (job: Job) => void;
}

export interface Cobalt {
	/** Without /v1. */
	readonly url: string;
	readonly keys: Keys;
	readonly world: World;
	readonly faults: Faults;
	readonly robot: Robot;
	readonly courier: Courier;
	/** Every attempt to deliver an event to a webhook, in the order in which they set out. */
	readonly deliveries: readonly DeliveryAttempt[];
	/** Resolves when no delivery is on its way, or waits to set out. */
	delivered(): Promise<void>;
	/** Gives up what is on its way. */
	close(): Promise<void>;
}

const KEYS: Keys = {
	clientId: 'ci_live_standin',
	clientSecret: 'cs_live_standin',
	accessToken: '493STANDIN89789hLKH',
};

/** Starts a stand-in Cobalt: a server of its own, with a world of its own. */
export async function startCobalt(options: CobaltOptions = {}): Promise<Cobalt> {
	const { port = 0, seed = 1, medianSeconds = 4, dayZone = 'utc' } = options;
	const { clockSkewSeconds = 0, latencyMs = 0 } = options;
	const { onRequest = () => undefined, onJobDone } = options;
	const clock = new CobaltClock(clockSkewSeconds);
	const ehr = createEhr(new Random(seed, 'ehr'));
	const dialect = createDialect(options);
	const courier = new CourierAtWork({ ehr, dialect, clock });
	const random = new Random(seed, 'events');
	const log = new EventLog({ random, dayZone, clock, ehr, dialect, courier });
	const robot = new RobotAtWork(log, new Random(seed, 'durations'), medianSeconds, onJobDone);
	const inside = {
		ehr,
		log,
		robot,
		dialect,
		ids: new Random(seed, 'ids'),
		clock,
		allowsLoopback: options.loopbackWebhooks ?? false,
	};
	const faults = new FaultAgenda(latencyMs);
	const requests = new RequestLog();
	const server = createServer({ routes, inside, keys: KEYS, faults, requests, onRequest });
	const url = await server.listen({ port, host: '127.0.0.1' });
	return {
		url,
		keys: KEYS,
		world: createWorld(inside, requests),
		faults,
		robot,
		courier,
		deliveries: courier.attempts,
		async delivered() {
			robot.settle();
			await courier.delivered();
		},
		async close() {
			await server.close();
			robot.finishUnasked(false);
			await courier.close();
		},
	};
}
