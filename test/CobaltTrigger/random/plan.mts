import type { DeliveryPlan, Fault } from '../../../tools/fake-cobalt/index.mts';
import type { Chance } from '../../faults/random/chance.mts';
import { drawMishap } from '../../faults/random/mishap.mts';

/** Events that come together, or one after the other. */
export interface Burst {
	count: number;
	/** Over how long they come; 0: all at the same moment, with the same time. */
	spreadSeconds: number;
	/** They happened so long before the log shows them. */
	lateSeconds: number;
	/** How often the log has each. */
	copies: number;
	/** How far ahead of Cobalt's clock they are dated. */
	aheadSeconds: number;
}

/** What happens, so many seconds after the activation. */
export type Step = { at: number } & (
	| { kind: 'events'; burst: Burst }
	/** While the log is read: events appear behind what was read, or some of what was told is forgotten. */
	| { kind: 'shift'; times: number; insert: number; forget: number }
	| { kind: 'fault'; fault: Fault }
	| { kind: 'restart' | 'crash'; forSeconds: number }
	| { kind: 'wipe' | 'rename' | 'change' | 'rotate' | 'emptyTable' }
	| { kind: 'delivery'; plan: DeliveryPlan }
);

interface Basis {
	mode: 'polling' | 'webhook';
	mostLateSeconds: number;
	losesPlace: boolean;
	/** Whether each event makes every poll longer. */
	isCostly: boolean;
	/** Whether some events are dated in the future. */
	datesAhead: boolean;
	begin: string;
}

/** The first half hour, or the first hours. */
export function planOf(chance: Chance, basis: Basis): Step[] {
	const { mode, losesPlace, isCostly } = basis;
	const isQuiet = chance.happens(0.25);
	const lasts = chance.oneOf(900, 1_800, 1_800, 3_600);
	const at = () => chance.between(1, lasts * 1000) / 1000;
	// Each delivery is an execution of its own.
	const most = mode === 'webhook' ? 40 : losesPlace || isCostly ? 250 : 4_000;
	const life = isQuiet ? [] : chance.several(5, () => lifeStep(chance, basis, at()));
	const steps: Step[] = [
		...chance.several(4, (): Step => ({
			at: at(),
			kind: 'events',
			burst: burstOf(chance, basis, chance.magnitude(most / 40, most)),
		})),
		// Some happen in any case, and one just before the end.
		...[lasts / 2, lasts].map((when): Step => ({
			at: when,
			kind: 'events',
			burst: burstOf(chance, basis, 20),
		})),
		...chance.several(4, (): Step => ({
			at: at(),
			kind: 'shift',
			times: chance.between(1, mode === 'webhook' ? 3 : 12),
			insert: chance.between(0, mode === 'webhook' ? 9 : 60),
			forget: chance.oneOf(0, 0, 5, 120, 400),
		})),
		...(isQuiet
			? []
			: chance.several(6, (): Step => ({
					at: at(),
					kind: 'fault',
					fault: faultOf(chance, basis),
				}))),
		...(mode === 'webhook' ? chance.several(6, () => deliveryStep(chance, basis, at())) : []),
		...life,
	];
	return steps.sort((one, other) => one.at - other.at);
}

function burstOf(chance: Chance, { mostLateSeconds, datesAhead }: Basis, count: number): Burst {
	const isLate = mostLateSeconds > 0 && chance.happens(0.25);
	return {
		count,
		spreadSeconds: chance.oneOf(0, 5, 300, 1_800),
		lateSeconds: isLate ? chance.magnitude(1, mostLateSeconds) : 0,
		copies: chance.happens(0.15) ? chance.between(2, 3) : 1,
		aheadSeconds: datesAhead && chance.happens(0.1) ? chance.oneOf(20, 3_600, 90_000) : 0,
	};
}

function lifeStep(chance: Chance, { losesPlace }: Basis, at: number): Step {
	const forSeconds = chance.magnitude(1, losesPlace ? 900 : 7_200);
	const kind = chance.oneOf('restart', 'crash', 'crash', 'rename', 'change', 'emptyTable', 'wipe');
	if (kind === 'restart' || kind === 'crash') return { at, kind, forSeconds };
	return { at, kind: kind === 'wipe' && !losesPlace ? 'change' : kind };
}

function faultOf(chance: Chance, { mode, begin }: Basis): Fault {
	return {
		...mishap(chance, Date.parse(begin)),
		path: mode === 'webhook' && chance.happens(0.2) ? '/webhook' : '/webhook-events',
		after: chance.between(0, 10),
		times: chance.magnitude(1, 12),
	};
}

function mishap(chance: Chance, begin: number): Fault {
	return drawMishap(chance, begin, { until: 3_600_000, pauses: ['1', '5', '20', '75'] });
}

function deliveryStep(chance: Chance, { mostLateSeconds }: Basis, at: number): Step {
	if (chance.happens(0.2)) return { at, kind: 'rotate' };
	const times = chance.magnitude(1, 40);
	return {
		at,
		kind: 'delivery',
		plan: {
			times,
			...chance.oneOf<DeliveryPlan>(
				{ lateBySeconds: chance.magnitude(1, mostLateSeconds) },
				{ isNever: true },
				{ isRepeated: true },
				{ isSpaced: true },
				{ isSpaced: true, signs: 'bytes' },
				{ oldSecretForSeconds: 3_600 },
			),
		},
	};
}
