import { afterAll, beforeAll, inject } from 'vitest';

import type { CobaltOptions } from '../../tools/fake-cobalt/index.mts';
import { install } from '../../tools/n8n/installation.mts';
import { Stage } from '../../tools/n8n/stage.mts';

export interface SceneOptions {
	readonly cobalt?: CobaltOptions;
	/** More of n8n's environment variables. */
	readonly env?: Readonly<Record<string, string>>;
}

/**
 * One n8n of the tested edition for all tests of a file, beside a fake Cobalt. Its stage is there once the
 * tests run.
 */
export function sceneOfFile(options: SceneOptions = {}): { readonly stage: Stage } {
	let stage: Stage | undefined;
	beforeAll(async () => {
		const installation = await install(inject('edition'));
		stage = await Stage.open({ installation, ...options });
	});
	afterAll(async () => {
		await stage?.close();
	});
	return {
		get stage() {
			if (!stage) throw new Error('There is no n8n before the first test');
			return stage;
		},
	};
}
