import type { CobaltOptions } from '../../../tools/fake-cobalt/index.mts';
import { drawMoment } from '../../random/moment.mts';
import { Rng } from '../../random/rng.mts';
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
	output: 'simplified' | 'raw';
	overlapMinutes: number;
	eventsPerRun: number;
	/** How long before the activation the workflow starts from, where that is set. */
	startsMinutesBefore?: number;
	/** How late an event may appear in the log, in seconds. */
	maxLateSeconds: number;
	/** Whether somebody else has registered a webhook first. */
	hasNeighbour: boolean;
	/** What happens before the activation. */
	past: Burst[];
	/** What happens after it, until the quiet end. */
	plan: Step[];
}

const ZONES = ['utc', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Etc/GMT+12'] as const;

/** By how much Cobalt's clock is ahead, in seconds. Up to two minutes are usual; the rest is extreme. */
const SKEWS = [0, 0, 0, 30, -30, 115, -115, 600, -600, 7_200, -7_200] as const;

/** An event is listed this much earlier than the overlap ends. */
const MARGIN_S = 10;

/** How long a delivery may take to fail for good. */
const DELIVERY_S = 60;

export function scenarioOf(seed: number): Scenario {
	const rng = new Rng(seed);
	const begin = drawMoment(rng);
	const mode = rng.happens(0.35) ? 'webhook' : 'polling';
	const overlapMinutes =
		mode === 'webhook' ? rng.pick([10, 5, 60]) : rng.pick([10, 10, 0, 1, 5, 30, 180]);
	const room = overlapMinutes * 60 - MARGIN_S - (mode === 'webhook' ? DELIVERY_S : 0);
	const maxLateSeconds = Math.max(0, Math.min(room, 3_600));
	const cobalt = cobaltOf(seed, rng);
	// Events dated ahead by a clock that is behind are a documented limit.
	const datesAhead = (cobalt.clockSkewSeconds ?? 0) >= 0;
	const losesPlace = rng.happens(0.25);
	const basis = {
		seed,
		mode,
		isQueued: mode === 'webhook' && rng.happens(0.4),
		scheduler: rng.pick<Scenario['scheduler']>(['legacy', 'legacy', 'durable']),
		begin: new Date(begin).toISOString(),
		cobalt,
		filter: filterOf(rng),
		output: rng.happens(0.7) ? 'simplified' : 'raw',
		overlapMinutes,
		// With the log position, everything more than an hour old is lost: no backlog may take that long.
		eventsPerRun: losesPlace ? 1_000 : rng.pick([1_000, 1_000, 10_000, 250, 77]),
		...(rng.happens(0.15) && { startsMinutesBefore: rng.between(1, 600) }),
		maxLateSeconds: losesPlace ? Math.min(maxLateSeconds, 300) : maxLateSeconds,
		hasNeighbour: mode === 'webhook' && rng.happens(0.25),
	} as const;
	// These read hours of events in each poll, or take many polls for them.
	const isCostly =
		overlapMinutes > 10 || (cobalt.clockSkewSeconds ?? 0) > 120 || basis.eventsPerRun < 1_000;
	return {
		...basis,
		past: rng.several(3, () => ({
			count: rng.magnitude(1, 300),
			spreadSeconds: 0,
			lateSeconds: rng.pick([30, 600, 7_200, 100_000]),
			copies: 1,
			aheadSeconds: datesAhead && rng.happens(0.15) ? rng.pick([300, 5_000, 400_000]) : 0,
		})),
		plan: planOf(rng, { ...basis, losesPlace, isCostly, datesAhead }),
	};
}

function cobaltOf(seed: number, rng: Rng): CobaltOptions {
	return {
		seed,
		dayZone: rng.pick(ZONES),
		clockSkewSeconds: rng.pick(SKEWS),
		latencyMs: rng.pick([0, 0, 0, 50, 400, 3_000]),
		spelling: rng.pick(['plain', 'prefixed']),
		eventJobIds: rng.pick(['number', 'string']),
		liveFetch: rng.pick(['new', 'old']),
		webhookResponse: rng.pick(['guide', 'example', 'schema']),
		oneSecret: rng.pick(['account', 'each']),
		loopbackWebhooks: true,
	};
}

function filterOf(rng: Rng): Filter {
	const some = (names: readonly string[]): string[] => {
		const chosen = names.filter(() => rng.happens(0.6));
		return chosen.length > 0 ? chosen : names.slice(0, 1);
	};
	const types = rng.pick([undefined, undefined, some(TYPES), [rng.pick(TYPES)]]);
	return {
		...(types && { types }),
		source: rng.pick(['any', 'any', 'any', 'ehr_staff', 'cobalt_operation']),
		...(rng.happens(0.2) && { clinics: some(CLINICS) }),
		...(rng.happens(0.15) && { changedFields: some(FIELDS) }),
	};
}
