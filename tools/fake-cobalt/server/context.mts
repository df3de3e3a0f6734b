import type { EventLog } from '../events/eventLog.mts';
import type { CobaltClock } from '../world/clock.mts';
import type { Ehr } from '../world/ehr.mts';
import type { EhrWorker } from '../world/ehrWorker.mts';
import type { Random } from '../world/random.mts';
import type { Dialect } from './dialect.mts';

/** What the clinics of a client have in common. */
interface Client {
	/** Of all clinics. */
	logs: EventLog[];
	/** Of all clinics. */
	ehrWorkers: EhrWorker[];
}

/** One clinic, as routes and tasks see it. */
export interface Context {
	client: Client;
	ehr: Ehr;
	log: EventLog;
	ehrWorker: EhrWorker;
	dialect: Dialect;
	ids: Random;
	clock: CobaltClock;
	/** Whether URLs of this machine may be registered without https. */
	allowsLoopback: boolean;
}
