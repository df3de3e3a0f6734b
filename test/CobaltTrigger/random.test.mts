/** Random events in a random world, in which Cobalt, the network and n8n fail at random moments. */
import { testScenarios } from '../random/scenarios.mts';
import { findingsOf } from './random/findings.mts';
import { play, type Played } from './random/play.mts';
import { scenarioOf, type Scenario } from './random/scenario.mts';

/** What may make a trigger repeat itself: the worst of what was done to n8n. */
function disturbanceOf({ mode, isQueued, plan }: Scenario): string {
	const kinds: ReadonlySet<string> = new Set(plan.map(({ kind }) => kind));
	const worst = ['wipe', 'crash', 'restart', 'rename', 'change'].find((kind) => kinds.has(kind));
	const where = isQueued ? 'queue mode' : mode;
	return `${where}, ${worst ?? 'undisturbed'}${kinds.has('emptyTable') ? ', table emptied' : ''}`;
}

function countsOf({ history, heldBack, requests, minutes }: Played): Record<string, number> {
	const emitted = [...history.emitted.values()];
	return {
		minutes,
		events: history.entries.length,
		'emitted events': emitted.length,
		'requests for the log': requests,
		"repeats held back by n8n's table": heldBack,
		'repeats emitted': emitted.reduce((sum, count) => sum + count - 1, 0),
	};
}

testScenarios({
	title: 'starts the workflow for each event asked for, and repeats none without a reason',
	count: 40,
	draw: scenarioOf,
	play: async (scenario) => {
		const played = await play(scenario);
		return {
			findings: findingsOf(played),
			group: disturbanceOf(scenario),
			counts: countsOf(played),
		};
	},
});
