import type { INode, INodeParameters } from 'n8n-workflow';

import type { CobaltOptions, Fault, JobPlan } from '../../../tools/fake-cobalt/index.mts';
import { drawFault } from '../../random/faults.mts';
import { drawMoment } from '../../random/moment.mts';
import { Rng } from '../../random/rng.mts';
import { GO_ON, ON_LOOKUPS, ON_SUBMISSIONS } from '../setup.mts';

/** Everything that a seed decides. */
export interface Scenario {
	/** How many bookings. */
	count: number;
	/** When the first execution begins; epoch milliseconds. */
	begin: number;
	cobalt: CobaltOptions;
	plans: JobPlan[];
	faults: Fault[];
	/** Events of other users, and how many seconds after the beginning they come. */
	foreign: Array<{ at: number; count: number }>;
	/** Those of the node. */
	options: INodeParameters;
	settings: Partial<INode>;
	/** After how many seconds the first execution, and each retry after it, is cancelled. */
	cancels: number[];
	/** The booking's note in the first execution and in each retry; an expression gives another one on each attempt. */
	notes: string[];
}

const ZONES = [
	'utc',
	'America/Los_Angeles',
	'Asia/Tokyo',
	'Pacific/Kiritimati',
	'Etc/GMT+12',
] as const;

export function scenarioOf(seed: number): Scenario {
	const rng = new Rng(seed);
	const count = rng.magnitude(1, 300);
	const begin = drawMoment(rng);
	const isQuiet = rng.happens(0.3);
	const continuesOnFail = rng.happens(0.5);
	return {
		count,
		begin,
		cobalt: cobaltOf(seed, rng),
		plans: rng.several(4, () => planOf(rng, count)),
		faults: isQuiet ? [] : faultsOf(rng, count, begin),
		foreign: rng.several(3, () => ({
			at: rng.between(0, 60),
			count: rng.magnitude(1, 700),
		})),
		options: optionsOf(rng),
		settings: {
			...(continuesOnFail && GO_ON),
			...(rng.happens(0.4) && { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 }),
		},
		cancels: continuesOnFail ? [] : rng.several(3, () => rng.magnitude(1, 60_000) / 1000),
		notes: rng.several(5, () => rng.pick(['', 'Kne pain', 'Knee pain', '={{ $now.toMillis() }}'])),
	};
}

function cobaltOf(seed: number, rng: Rng): CobaltOptions {
	return {
		seed,
		medianSeconds: rng.magnitude(1, 40),
		dayZone: rng.pick(ZONES),
		clockSkewSeconds: rng.pick([0, 0, 120, -120, 30, -30]),
		latencyMs: rng.pick([0, 0, 0, 50, 400, 3_000]),
		spelling: rng.pick(['plain', 'prefixed']),
		nesting: rng.pick(['data', 'flat']),
		jobIds: rng.happens(0.04) ? 'absent' : rng.pick(['number', 'string']),
		eventJobIds: rng.pick(['number', 'string']),
		jobIdFilter: rng.happens(0.15) ? 'ignored' : 'known',
	};
}

function optionsOf(rng: Rng): INodeParameters {
	return {
		pollInterval: rng.pick([1, 1, 1, 2, 5, 10]),
		timeout: rng.magnitude(10, 240),
		concurrency: rng.between(1, 20),
		...(rng.happens(0.4) && { ifResponseLost: 'search' }),
		...(rng.happens(0.15) && { onTimeout: 'fail' }),
		...(rng.happens(0.3) && { showRequestCount: true }),
	};
}

/** What is special about some of the jobs. */
function planOf(rng: Rng, count: number): JobPlan {
	const special = rng.pick<JobPlan>([
		{ outcome: 'failure' },
		{ eventLateBySeconds: rng.between(1, 60) },
		{ eventNeverListed: true },
		{ listedByJobIdOnly: true },
		{ duplicateEvent: true },
		{ seconds: rng.between(1, 300) },
	]);
	const times = rng.magnitude(1, Math.ceil(count / 2));
	return { ...special, after: rng.between(0, count - 1), times };
}

function faultsOf(rng: Rng, count: number, begin: number): Fault[] {
	return [
		...rng.several(3, () => ({
			...randomFault(rng, begin),
			...ON_SUBMISSIONS,
			after: rng.between(0, count - 1),
			times: rng.magnitude(1, 8),
		})),
		...rng.several(4, () => ({
			...randomFault(rng, begin),
			...ON_LOOKUPS,
			after: rng.between(0, 40),
			times: rng.magnitude(1, 25),
		})),
		...rng.several(1, () => ({
			...randomFault(rng, begin),
			method: 'GET',
			path: '/appointments',
			times: rng.between(1, 3),
		})),
	];
}

function randomFault(rng: Rng, begin: number): Fault {
	return drawFault(rng, begin, {
		until: 90_000,
		pauses: ['1', '5', '20', '59', '75'],
		more: () => [{ kind: 'statusAfterAccept', status: rng.pick([500, 502, 504]) }],
	});
}
