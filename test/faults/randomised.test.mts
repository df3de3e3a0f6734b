/**
 * Random bookings in a random world where random things go wrong, cancelled at random moments: whatever
 * happens, nothing is booked twice, and what each item says is so.
 *
 * FAULT_SEEDS=500 plays more of them, FAULT_SEED=123 plays that one.
 */
import { describe, expect, it, onTestFinished } from 'vitest';

import { findingsOf } from './random/findings.mts';
import { play } from './random/play.mts';
import { scenarioOf } from './random/scenario.mts';

const { FAULT_SEED, FAULT_SEEDS = '30', FAULT_FIRST = '1' } = process.env;

const seeds =
	FAULT_SEED === undefined
		? Array.from({ length: Number(FAULT_SEEDS) }, (_, index) => Number(FAULT_FIRST) + index)
		: [Number(FAULT_SEED)];

describe('a random scenario', () => {
	it.each(seeds)('seed %d', async (seed) => {
		const scenario = scenarioOf(seed);
		const played = await play(scenario);
		onTestFinished(async () => {
			await played.cobalt.close();
		});
		const again = `FAULT_SEED=${seed} npx vitest run --update none test/faults/randomised.test.mts`;
		const findings = findingsOf(played);
		expect(findings, `replay it with: ${again}\n${JSON.stringify(scenario, null, 1)}`).toEqual([]);
	});
});
