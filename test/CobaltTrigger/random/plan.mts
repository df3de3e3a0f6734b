import type { DeliveryPlan, Fault } from '../../../tools/fake-cobalt/index.mts';
import { drawFault } from '../../random/faults.mts';
import type { Rng } from '../../random/rng.mts';

/** Events that come together, or one after the other. */
export interface Burst {
	count: number;
	/** Over how long they come; 0: all at the same moment, with the same time. */
	spreadSeconds: number;
	/** They happened so long before the log shows them. */
	lateSeconds: number;
	/** How often each is in the log. */
	copies: number;
	/** How far ahead of Cobalt's clock they are dated. */
	aheadSeconds: number;
}

/** What happens, so many seconds after the activation. */
export type Step = { at: number } & (
	| { kind: 'events'; burst: Burst }
	/** While the log is read, events appear behind what was read, or some that were emitted are forgotten. */
	| { kind: 'shift'; times: number; insert: number; forget: number }
	| { kind: 'fault'; fault: Fault }
	| { kind: 'restart' | 'crash'; forSeconds: number }
	| { kind: 'wipe' | 'rename' | 'change' | 'rotate' | 'emptyTable' }
	| { kind: 'delivery'; plan: DeliveryPlan }
);

interface Basis {
	mode: 'polling' | 'webhook';
	maxLateSeconds: number;
	losesPlace: boolean;
	/** Whether each event makes every poll slower. */
	isCostly: boolean;
	/** Whether some events are dated in the future. */
	datesAhead: boolean;
	begin: string;
}

/** The first half hour, or the first hours. */
export function planOf(rng: Rng, basis: Basis): Step[] {
	const { mode, losesPlace, isCostly } = basis;
	const isQuiet = rng.happens(0.25);
	const lasts = rng.pick([900, 1_800, 1_800, 3_600]);
	const at = () => rng.between(1, lasts * 1000) / 1000;
	// Each delivery is an execution of its own.
	const maxCount = mode === 'webhook' ? 40 : losesPlace || isCostly ? 250 : 4_000;
	const disturbances = isQuiet ? [] : rng.several(5, () => disturbanceStep(rng, basis, at()));
	const steps: Step[] = [
		...rng.several(4, (): Step => ({
			at: at(),
			kind: 'events',
			burst: burstOf(rng, basis, rng.magnitude(maxCount / 40, maxCount)),
		})),
		// Some happen in every scenario, and some right at the end.
		...[lasts / 2, lasts].map((when): Step => ({
			at: when,
			kind: 'events',
			burst: burstOf(rng, basis, 20),
		})),
		...rng.several(4, (): Step => ({
			at: at(),
			kind: 'shift',
			times: rng.between(1, mode === 'webhook' ? 3 : 12),
			insert: rng.between(0, mode === 'webhook' ? 9 : 60),
			forget: rng.pick([0, 0, 5, 120, 400]),
		})),
		...(isQuiet
			? []
			: rng.several(6, (): Step => ({
					at: at(),
					kind: 'fault',
					fault: faultOf(rng, basis),
				}))),
		...(mode === 'webhook' ? rng.several(6, () => deliveryStep(rng, basis, at())) : []),
		...disturbances,
	];
	return steps.sort((one, other) => one.at - other.at);
}

function burstOf(rng: Rng, { maxLateSeconds, datesAhead }: Basis, count: number): Burst {
	const isLate = maxLateSeconds > 0 && rng.happens(0.25);
	return {
		count,
		spreadSeconds: rng.pick([0, 5, 300, 1_800]),
		lateSeconds: isLate ? rng.magnitude(1, maxLateSeconds) : 0,
		copies: rng.happens(0.15) ? rng.between(2, 3) : 1,
		aheadSeconds: datesAhead && rng.happens(0.1) ? rng.pick([20, 3_600, 90_000]) : 0,
	};
}

function disturbanceStep(rng: Rng, { losesPlace }: Basis, at: number): Step {
	const forSeconds = rng.magnitude(1, losesPlace ? 900 : 7_200);
	const kind = rng.pick([
		'restart',
		'crash',
		'crash',
		'rename',
		'change',
		'emptyTable',
		'wipe',
	] as const);
	if (kind === 'restart' || kind === 'crash') return { at, kind, forSeconds };
	return { at, kind: kind === 'wipe' && !losesPlace ? 'change' : kind };
}

function faultOf(rng: Rng, { mode, begin }: Basis): Fault {
	return {
		...randomFault(rng, Date.parse(begin)),
		path: mode === 'webhook' && rng.happens(0.2) ? '/webhook' : '/webhook-events',
		after: rng.between(0, 10),
		times: rng.magnitude(1, 12),
	};
}

function randomFault(rng: Rng, begin: number): Fault {
	return drawFault(rng, begin, { until: 3_600_000, pauses: ['1', '5', '20', '75'] });
}

function deliveryStep(rng: Rng, { maxLateSeconds }: Basis, at: number): Step {
	if (rng.happens(0.2)) return { at, kind: 'rotate' };
	const times = rng.magnitude(1, 40);
	return {
		at,
		kind: 'delivery',
		plan: {
			times,
			...rng.pick<DeliveryPlan>([
				{ lateBySeconds: rng.magnitude(1, maxLateSeconds) },
				{ isNever: true },
				{ isRepeated: true },
				{ isSpaced: true },
				{ isSpaced: true, signs: 'bytes' },
				{ oldSecretForSeconds: 3_600 },
			]),
		},
	};
}
