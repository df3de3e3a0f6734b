/**
 * Random scenarios: each seed decides one, and a failure prints the command that plays it again.
 *
 * `SEEDS=500` plays more of them, `FIRST_SEED=31` others. `SEED=123` plays that one; when it fails, it is
 * reduced to what it takes to fail.
 */
import { inspect } from 'node:util';
import { afterAll, expect, it } from 'vitest';

import { shrink } from './shrink.mts';
import { Totals } from './totals.mts';

/** What came of one scenario. */
export interface Played {
	/** Everything that is not as it should be. */
	findings: string[];
	/** What the scenario is counted with in the summary. */
	group: string;
	/** Numbers for the summary, by what they count. */
	counts: Record<string, number>;
}

export interface Scenarios<Scenario extends object> {
	/** What holds in each of them, as the title of a test. */
	title: string;
	/** How many are played by default. */
	count: number;
	/** The same for the same seed. */
	draw: (seed: number) => Scenario;
	/** Plays a scenario in a world of its own. */
	play: (scenario: Scenario) => Promise<Played>;
}

const { SEED, SEEDS, FIRST_SEED = '1' } = process.env;

/** Shrinking plays the scenario once for each of its parts. */
const REPLAY_TIMEOUT_MS = 3_600_000;

/** Declares one test for each seed. */
export function testScenarios<Scenario extends object>({
	title,
	count,
	draw,
	play,
}: Scenarios<Scenario>): void {
	const isReplay = SEED !== undefined;
	const length = Number(SEEDS ?? count);
	const seeds = isReplay
		? [Number(SEED)]
		: Array.from({ length }, (_, index) => Number(FIRST_SEED) + index);
	const totals = new Totals();

	const findingsOf = async (scenario: Scenario): Promise<string[]> => {
		try {
			const played = await play(scenario);
			totals.add(played);
			return played.findings;
		} catch (error) {
			return [inspect(error)];
		}
	};

	afterAll(() => {
		console.info(totals.summary);
	});

	it.for(seeds)(
		`${title}, seed %d`,
		isReplay ? { timeout: REPLAY_TIMEOUT_MS } : {},
		async (seed, { task }) => {
			const scenario = draw(seed);
			const findings = await findingsOf(scenario);
			if (findings.length === 0) return;
			const fails = async (one: Scenario) => (await findingsOf(one)).length > 0;
			const shown = isReplay ? await shrink(scenario, fails) : scenario;
			const replay = `SEED=${seed} npx vitest run --update none ${task.file.name}`;
			expect(findings, `replay it with: ${replay}\n${JSON.stringify(shown, null, 1)}`).toEqual([]);
		},
	);
}
