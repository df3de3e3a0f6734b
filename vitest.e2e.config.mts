import { defineConfig } from 'vitest/config';

import { NEWEST, OLDEST, type Edition } from './tools/n8n/editions.mts';

/** Tests against a whole n8n: `npm run test:e2e -- --project newest` runs one of these alone. */
export default defineConfig({
	test: {
		projects: [
			project('newest', 'core', NEWEST),
			project('browser', 'browser', NEWEST),
			project('queue', 'queue', NEWEST),
			project('oldest', 'core', OLDEST),
		],
		// Each file starts an n8n of its own, and mostly waits for its polls: two fit on a small machine.
		maxWorkers: 2,
	},
});

function project(name: string, folder: string, edition: Edition) {
	return {
		test: {
			name,
			include: [`test/e2e/${folder}/**/*.e2e.mts`],
			globalSetup: ['test/e2e/installEdition.mts'],
			provide: { edition },
			pool: 'forks' as const,
			// Nothing here is timed; this only ends what hangs.
			testTimeout: 600_000,
			hookTimeout: 600_000,
		},
	};
}
