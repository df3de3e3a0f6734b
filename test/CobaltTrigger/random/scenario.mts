import type { CobaltOptions } from '../../../tools/fake-cobalt/index.mts';
import { Chance } from '../../faults/random/chance.mts';
import { CLINICS, FIELDS, TYPES, type Filter } from './events.mts';
import { planOf, type Burst, type Step } from './plan.mts';

/** Everything that a seed decides. */
export interface Scenario {
	seed: number;
	mode: 'polling' | 'webhook';
	/** Whether a webhook process and a worker run beside main. */
	isQueued: boolean;
	scheduler: 'legacy' | 'durable';
	/** ISO 8601. */
	begin: string;
	cobalt: CobaltOptions;
	filter: Filter;
	simple: boolean;
	overlapMinutes: number;
	eventsPerRun: number;
	/** How long before the activation the workflow starts from, where that is set. */
	startsMinutesBefore?: number;
	/** How late an event may appear in the log, in seconds. */
	mostLateSeconds: number;
	/** Whether somebody else has registered a webhook first. */
	hasNeighbour: boolean;
	/** What happens before the activation. */
	past: Burst[];
	/** What happens after it, until the quiet end. */
	plan: Step[];
}

const ZONES = ['utc', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Etc/GMT+12'] as const;

/** Ordinary days, and those on which the clocks change. */
const DAYS = ['2025-03-10', '2025-03-09', '2025-11-02', '2025-12-31', '2025-07-04'] as const;

/** Cobalt's clock, ahead or behind. Up to two minutes are usual; the rest is beyond what anybody should see. */
const SKEWS = [0, 0, 0, 30, -30, 115, -115, 600, -600, 7_200, -7_200] as const;

/** Less than what the overlap has room for. */
const MARGIN_S = 10;

/** How long a delivery may take to fail for good. */
const DELIVERY_S = 60;

/** @param seed decides everything, so that a scenario can be played again */
export function scenarioOf(seed: number): Scenario {
	const chance = new Chance(seed);
	const begin = Date.parse(chance.oneOf(...DAYS)) + chance.between(0, 86_400_000);
	const mode = chance.happens(0.35) ? 'webhook' : 'polling';
	const overlapMinutes =
		mode === 'webhook' ? chance.oneOf(10, 5, 60) : chance.oneOf(10, 10, 0, 1, 5, 30, 180);
	const room = overlapMinutes * 60 - MARGIN_S - (mode === 'webhook' ? DELIVERY_S : 0);
	const mostLateSeconds = Math.max(0, Math.min(room, 3_600));
	const cobalt = cobaltOf(seed, chance);
	// What is dated ahead by a clock that is behind is a documented limit.
	const datesAhead = (cobalt.clockSkewSeconds ?? 0) >= 0;
	const losesPlace = chance.happens(0.25);
	const basis = {
		seed,
		mode,
		isQueued: mode === 'webhook' && chance.happens(0.4),
		scheduler: chance.oneOf('legacy', 'legacy', 'durable'),
		begin: new Date(begin).toISOString(),
		cobalt,
		filter: filterOf(chance),
		simple: chance.happens(0.7),
		overlapMinutes,
		// What lies more than an hour back is lost with the place in the log: no backlog may last that long.
		eventsPerRun: losesPlace ? 1_000 : chance.oneOf(1_000, 1_000, 10_000, 250, 77),
		...(chance.happens(0.15) && { startsMinutesBefore: chance.between(1, 600) }),
		mostLateSeconds: losesPlace ? Math.min(mostLateSeconds, 300) : mostLateSeconds,
		hasNeighbour: mode === 'webhook' && chance.happens(0.25),
	} as const;
	// These read again and again what happened in hours, or take many polls for it.
	const isCostly =
		overlapMinutes > 10 || (cobalt.clockSkewSeconds ?? 0) > 120 || basis.eventsPerRun < 1_000;
	return {
		...basis,
		past: chance.several(3, () => ({
			count: chance.magnitude(1, 300),
			spreadSeconds: 0,
			lateSeconds: chance.oneOf(30, 600, 7_200, 100_000),
			copies: 1,
			aheadSeconds: datesAhead && chance.happens(0.15) ? chance.oneOf(300, 5_000, 400_000) : 0,
		})),
		plan: planOf(chance, { ...basis, losesPlace, isCostly, datesAhead }),
	};
}

function cobaltOf(seed: number, chance: Chance): CobaltOptions {
	return {
		seed,
		dayZone: chance.oneOf(...ZONES),
		clockSkewSeconds: chance.oneOf(...SKEWS),
		latencyMs: chance.oneOf(0, 0, 0, 50, 400, 3_000),
		spelling: chance.oneOf('plain', 'prefixed'),
		eventJobIds: chance.oneOf('number', 'string'),
		liveFetch: chance.oneOf('new', 'old'),
		webhookAnswer: chance.oneOf('guide', 'example', 'schema'),
		oneSecret: chance.oneOf('account', 'each'),
		loopbackWebhooks: true,
	};
}

function filterOf(chance: Chance): Filter {
	const some = (names: readonly string[]): string[] => {
		const chosen = names.filter(() => chance.happens(0.6));
		return chosen.length > 0 ? chosen : names.slice(0, 1);
	};
	const types = chance.oneOf(undefined, undefined, some(TYPES), [chance.oneOf(...TYPES)]);
	return {
		...(types && { types }),
		source: chance.oneOf('any', 'any', 'any', 'ehr_staff', 'cobalt_operation'),
		...(chance.happens(0.2) && { clinics: some(CLINICS) }),
		...(chance.happens(0.15) && { changedFields: some(FIELDS) }),
	};
}
