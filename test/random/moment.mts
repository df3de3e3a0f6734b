import type { Rng } from './rng.mts';

/** Ordinary days, and those on which the clocks change. */
const DAYS = ['2025-03-10', '2025-03-09', '2025-11-02', '2025-12-31', '2025-07-04'];

const DAY_MS = 86_400_000;

/** @returns when a scenario begins, in epoch milliseconds */
export function drawMoment(rng: Rng): number {
	return Date.parse(rng.pick(DAYS)) + rng.between(0, DAY_MS);
}
