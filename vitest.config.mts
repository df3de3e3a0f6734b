import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.mts'],
		// Each file has an n8n engine of its own, with its own folder and clock.
		pool: 'forks',
		testTimeout: 30_000,
	},
});
