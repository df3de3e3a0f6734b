import type { CobaltClock } from './clock.mts';
import type { Dialect } from './dialect.mts';
import type { Ehr } from './ehr.mts';
import type { EventLog } from './event-log.mts';
import type { Random } from './random.mts';
import type { RobotAtWork } from './robot.mts';

/** What the routes work with. */
export interface Inside {
	ehr: Ehr;
	log: EventLog;
	robot: RobotAtWork;
	dialect: Dialect;
	ids: Random;
	clock: CobaltClock;
	/** Whether URLs of this machine may be registered without https. */
	allowsLoopback: boolean;
}
