/**
 * Random events in a random world, in which Cobalt, the network and n8n have their bad days: whatever
 * happens, each event that is asked for is told, none that is not, and none twice without a reason.
 *
 * FAULT_SEEDS=500 plays more of them, FAULT_SEED=123 plays that one.
 */
import { afterAll, describe, expect, it } from 'vitest';

import { findingsOf } from './random/findings.mts';
import { play } from './random/play.mts';
import { scenarioOf } from './random/scenario.mts';
import { Tally } from './random/tally.mts';

const { FAULT_SEED, FAULT_SEEDS = '40', FAULT_FIRST = '1' } = process.env;

const seeds =
	FAULT_SEED === undefined
		? Array.from({ length: Number(FAULT_SEEDS) }, (_, index) => Number(FAULT_FIRST) + index)
		: [Number(FAULT_SEED)];

describe('a random scenario', () => {
	const tally = new Tally();

	afterAll(() => {
		console.info(tally.summary);
	});

	it.each(seeds)('seed %d', async (seed) => {
		const scenario = scenarioOf(seed);
		const played = await play(scenario);
		tally.add(played);
		if (seeds.indexOf(seed) % 8 === 7) tally.measure();
		const again = `FAULT_SEED=${seed} npx vitest run --update none test/CobaltTrigger/randomised.test.mts`;
		const { activated } = played;
		const times = [activated.from, activated.to, played.healedAt].map((at) =>
			new Date(at).toISOString(),
		);
		const story = `replay it with: ${again}\nactivated, healed: ${times.join(' ')}\n${JSON.stringify(scenario)}`;
		expect(findingsOf(played), story).toEqual([]);
	});
});
