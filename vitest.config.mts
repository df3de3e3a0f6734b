import { defineConfig } from 'vitest/config';

export default defineConfig({
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
