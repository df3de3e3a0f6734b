/**
 * The benchmark of waiting for jobs: the node against Cobalt's own sample, one by one and side by side.
 * All do the same work against the fake Cobalt, on a virtual clock: the same seed gives the same numbers.
 *
 *   npm run bench -- --seed 1 --jobs 1,10,100,200,1000
 *
 * The table goes to stdout; what happens meanwhile, to stderr. Vitest runs it, for the virtual clock
 * is Vitest's.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

import { tableOf } from './table.mts';

const { values } = parseArgs({
	options: {
		seed: { type: 'string', default: '1' },
		jobs: { type: 'string', default: '1,10,100,200,1000' },
	},
});
const seed = Number(values.seed);
const counts = values.jobs.split(',').map(Number);
if (![seed, ...counts].every((value) => Number.isInteger(value) && value > 0)) {
	throw new Error('--seed takes a whole number, --jobs takes several, with commas in between');
}

const vitest = await startVitest(
	'test',
	[],
	{
		config: false,
		root: fileURLToPath(new URL('../..', import.meta.url)),
		include: ['test/bench/*.bench.mts'],
		watch: false,
		reporters: ['verbose'],
		pool: 'forks',
		// Nothing here is timed by the real clock.
		testTimeout: 0,
		provide: { seed, counts },
	},
	undefined,
	{ stdout: process.stderr },
);
const tests = vitest.state.getTestModules().flatMap((file) => [...file.children.allTests()]);
await vitest.close();

const measurements = tests.flatMap((test) => test.meta().measurement ?? []);
const isWhole = tests.length > 0 && tests.length === measurements.length;
if (isWhole) console.log(tableOf(measurements));
process.exit(isWhole ? 0 : 1);
