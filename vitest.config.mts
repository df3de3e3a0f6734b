import { createRequire } from 'node:module';

import { defineConfig } from 'vitest/config';

export default defineConfig({
	// Unit tests import the source. Its errors must be those of the one copy of n8n-workflow that n8n's own
	// code `require`s.
	resolve: { alias: { 'n8n-workflow': createRequire(import.meta.url).resolve('n8n-workflow') } },
	test: {
		include: ['test/**/*.test.mts'],
		setupFiles: ['test/random/properties.mts'],
		// A process runs many files on one n8n engine, since loading it takes longer than most of them. As in
		// n8n, nothing of one execution may reach another: each test has a fake Cobalt and a clock of its own.
		pool: 'forks',
		isolate: false,
		// One more than the two cores of a small machine: one file only waits, for a minute.
		maxWorkers: 3,
		// Nothing here is timed; this only ends what hangs, also on a busy machine.
		testTimeout: 120_000,
	},
});
