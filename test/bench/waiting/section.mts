import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';

import type { Bench } from '../bench.mts';
import { barPlot } from '../report/plot.mts';
import type { Section } from '../report/section.mts';
import type { ContenderName } from './contenders.mts';
import { tableOf, titles } from './table.mts';

/** Waiting for jobs, on a virtual clock: the same seed gives the same numbers. Vitest runs it, for the clock is its. */
export async function waitingSection({
	installation,
	packageFolder,
	seed,
	isQuick,
}: Bench): Promise<Section> {
	const counts = isQuick ? [1, 10] : [1, 10, 100, 500, 1000];
	const modules = join(installation.folder, 'node_modules');
	// Where the processes that Vitest starts find n8n's own nodes; NODE_PATH counts from their start.
	Object.assign(process.env, { N8N_MODULES: modules, NODE_PATH: modules });
	const vitest = await startVitest(
		'test',
		[],
		{
			config: false,
			root: fileURLToPath(new URL('../../..', import.meta.url)),
			include: ['test/bench/waiting/*.bench.mts'],
			watch: false,
			reporters: ['verbose'],
			pool: 'forks',
			// Nothing here is timed by the real clock.
			testTimeout: 0,
			env: { COBALT_PACKAGE: packageFolder },
			provide: { seed, counts },
		},
		undefined,
		{ stdout: process.stderr },
	);
	const tests = vitest.state.getTestModules().flatMap((file) => [...file.children.allTests()]);
	await vitest.close();
	const measurements = tests.flatMap((test) => test.meta().measurement ?? []);
	if (tests.length === 0 || tests.length !== measurements.length) {
		throw new Error('Not every contender has waited for all jobs');
	}
	const lookups = (name: ContenderName) =>
		counts.map((count) => {
			const one = measurements.find(({ contender, jobs }) => contender === name && jobs === count);
			return one ? Number((one.lookups / count).toFixed(2)) : null;
		});
	const names = Object.keys(titles) as ContenderName[];
	return {
		title: 'Waiting for jobs',
		text: `Jobs of 5 to 90 seconds (median 20, assumed), answers of 0.1 seconds. _This node_ waits for all of them in one run; _one execution for each_ is as many executions at once in one process of n8n, each with one job. _HTTP Request, Wait, If_ is the loop that a user would draw in n8n, in one execution, with Wait's default of 5 seconds, where the others look each second: fewer lookups for a few jobs, and results that come later. The sample is the code of Cobalt's documentation. On a virtual clock, each figure comes from one run: the same seed gives the same numbers again.

${tableOf(measurements)}`,
		plots: [
			barPlot({
				name: 'waiting',
				title: 'Lookups for each job',
				unit: 'lookups',
				categories: counts.map((count) => (count === 1 ? '1 job' : `${count} jobs`)),
				series: Object.fromEntries(names.map((name) => [titles[name], lookups(name)])),
				isLogarithmic: true,
			}),
		],
	};
}
