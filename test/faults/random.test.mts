/** Random bookings in a random world where random things go wrong, cancelled at random moments. */
import { testScenarios } from '../random/scenarios.mts';
import { findingsOf } from './random/findings.mts';
import { play } from './random/play.mts';
import { scenarioOf } from './random/scenario.mts';

testScenarios({
	title: 'books nothing twice, and each item reports what is true, whatever goes wrong',
	count: 30,
	draw: scenarioOf,
	play: async (scenario) => {
		const played = await play(scenario);
		const { cobalt, executions, items } = played;
		try {
			return {
				findings: findingsOf(played),
				group: scenario.cancels.length > 0 ? 'cancelled' : 'not cancelled',
				counts: {
					items: items.length,
					executions: executions.length,
					requests: cobalt.world.requests().length,
				},
			};
		} finally {
			await cobalt.close();
		}
	},
});
