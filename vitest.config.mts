import { createRequire } from 'node:module';

import { defineConfig } from 'vitest/config';

export default defineConfig({
	// Unit tests import the source. Its errors must be those of the one copy of n8n-workflow that n8n's own
	// code `require`s.
	resolve: { alias: { 'n8n-workflow': createRequire(import.meta.url).resolve('n8n-workflow') } },
	test: {
		include: ['test/**/*.test.mts'],
		// Each file has an n8n engine of its own, with its own folder and clock.
		pool: 'forks',
		// One more than the two cores of a small machine: one file only waits, for a minute.
		maxWorkers: 3,
		// Nothing here is timed; this only ends what hangs, also on a busy machine.
		testTimeout: 120_000,
	},
});
