import { readFileSync } from 'node:fs';

import type { WorkflowFile } from '../../test/engine/workflow.mts';

/** One of the workflows that are ready to import. */
export function example(name: string): WorkflowFile {
	const file = new URL(`../../examples/${name}.json`, import.meta.url);
	return JSON.parse(readFileSync(file, 'utf8')) as WorkflowFile;
}
