import type { TestProject } from 'vitest/node';

import type { Edition } from '../../tools/n8n/editions.mts';
import { install } from '../../tools/n8n/installation.mts';
import { showProgress } from '../../tools/n8n/progress.mts';

declare module 'vitest' {
	export interface ProvidedContext {
		edition: Edition;
	}
}

/** Before the first test of a project: the n8n that it runs on is installed. */
export async function setup({ config }: TestProject): Promise<void> {
	const { edition } = config.provide;
	if (edition === undefined) return;
	const progress = showProgress();
	await install(edition, progress.step);
	progress.done();
}
