import type { INode, INodeParameters } from 'n8n-workflow';

import type { CobaltOptions, Fault, JobPlan } from '../../../tools/fake-cobalt/index.mts';
import { GO_ON, ON_LOOKS, ON_SUBMISSIONS } from '../setup.mts';
import { Chance } from './chance.mts';
import { drawMishap } from './mishap.mts';

/** Everything that a seed decides. */
export interface Scenario {
	/** How many bookings. */
	count: number;
	/** When the first run begins; epoch milliseconds. */
	begin: number;
	cobalt: CobaltOptions;
	plans: JobPlan[];
	faults: Fault[];
	/** Events of others, and how many seconds after the beginning they come. */
	foreign: Array<{ at: number; count: number }>;
	/** Those of the node. */
	options: INodeParameters;
	settings: Partial<INode>;
	/** After how many seconds the run, and each Retry execution after it, is cancelled. */
	cancels: number[];
	/** What the note of a booking is in the run, and in each Retry after it: fixed, or another on each try. */
	notes: string[];
}

const ZONES = [
	'utc',
	'America/Los_Angeles',
	'Asia/Tokyo',
	'Pacific/Kiritimati',
	'Etc/GMT+12',
] as const;

/** Ordinary days, and those on which the clocks change. */
const DAYS = ['2025-03-10', '2025-03-09', '2025-11-02', '2025-12-31', '2025-07-04'] as const;

export function scenarioOf(seed: number): Scenario {
	const chance = new Chance(seed);
	const count = chance.magnitude(1, 300);
	const begin = Date.parse(chance.oneOf(...DAYS)) + chance.between(0, 86_400_000);
	const isQuiet = chance.happens(0.3);
	const goesOn = chance.happens(0.5);
	return {
		count,
		begin,
		cobalt: cobaltOf(seed, chance),
		plans: chance.several(4, () => planOf(chance, count)),
		faults: isQuiet ? [] : faultsOf(chance, count, begin),
		foreign: chance.several(3, () => ({
			at: chance.between(0, 60),
			count: chance.magnitude(1, 700),
		})),
		options: optionsOf(chance),
		settings: {
			...(goesOn && GO_ON),
			...(chance.happens(0.4) && { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 }),
		},
		cancels: goesOn ? [] : chance.several(3, () => chance.magnitude(1, 60_000) / 1000),
		notes: chance.several(5, () =>
			chance.oneOf('', 'Kne pain', 'Knee pain', '={{ $now.toMillis() }}'),
		),
	};
}

function cobaltOf(seed: number, chance: Chance): CobaltOptions {
	return {
		seed,
		medianSeconds: chance.magnitude(1, 40),
		dayZone: chance.oneOf(...ZONES),
		clockSkewSeconds: chance.oneOf(0, 0, 120, -120, 30, -30),
		latencyMs: chance.oneOf(0, 0, 0, 50, 400, 3_000),
		spelling: chance.oneOf('plain', 'prefixed'),
		nesting: chance.oneOf('data', 'flat'),
		jobIds: chance.happens(0.04) ? 'absent' : chance.oneOf('number', 'string'),
		eventJobIds: chance.oneOf('number', 'string'),
		jobIdFilter: chance.happens(0.15) ? 'ignored' : 'known',
	};
}

function optionsOf(chance: Chance): INodeParameters {
	return {
		pollInterval: chance.oneOf(1, 1, 1, 2, 5, 10),
		timeout: chance.magnitude(10, 240),
		concurrentSubmissions: chance.between(1, 20),
		...(chance.happens(0.4) && { ifOutcomeUnknown: 'lookFirst' }),
		...(chance.happens(0.15) && { onTimeout: 'fail' }),
		...(chance.happens(0.3) && { countRequests: true }),
	};
}

/** What is special about some of the jobs. */
function planOf(chance: Chance, count: number): JobPlan {
	const special = chance.oneOf<JobPlan>(
		{ outcome: 'failure' },
		{ eventLateBySeconds: chance.between(1, 60) },
		{ eventNeverListed: true },
		{ listedByJobIdOnly: true },
		{ duplicateEvent: true },
		{ seconds: chance.between(1, 300) },
	);
	const times = chance.magnitude(1, Math.ceil(count / 2));
	return { ...special, after: chance.between(0, count - 1), times };
}

function faultsOf(chance: Chance, count: number, begin: number): Fault[] {
	return [
		...chance.several(3, () => ({
			...mishap(chance, begin),
			...ON_SUBMISSIONS,
			after: chance.between(0, count - 1),
			times: chance.magnitude(1, 8),
		})),
		...chance.several(4, () => ({
			...mishap(chance, begin),
			...ON_LOOKS,
			after: chance.between(0, 40),
			times: chance.magnitude(1, 25),
		})),
		...chance.several(1, () => ({
			...mishap(chance, begin),
			method: 'GET',
			path: '/appointments',
			times: chance.between(1, 3),
		})),
	];
}

function mishap(chance: Chance, begin: number): Fault {
	return drawMishap(chance, begin, {
		until: 90_000,
		pauses: ['1', '5', '20', '59', '75'],
		more: () => [{ kind: 'statusAfterAccept', status: chance.oneOf(500, 502, 504) }],
	});
}
