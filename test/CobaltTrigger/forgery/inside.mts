/**
 * What the node remembers: the modules that n8n has loaded last. Looked into, because from outside it shows
 * only when it is too late.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { WORKFLOW_ID } from '../../../tools/n8n-host/workflow.mts';

const require = createRequire(import.meta.url);
const BUILT = '../../../dist/nodes/CobaltTrigger/';

export function rememberedOf(nodeId: string) {
	const { processStateOf } = require(
		`${BUILT}processState.js`,
	) as typeof import('../../../nodes/CobaltTrigger/processState.js');
	const { deliveries, secrets } = processStateOf(WORKFLOW_ID, nodeId);
	return { deliveries, secrets };
}

export const { Deliveries } = require(
	`${BUILT}webhook/deliveries.js`,
) as typeof import('../../../nodes/CobaltTrigger/webhook/deliveries.js');

export function builtText(path: string): string {
	return readFileSync(require.resolve(`${BUILT}${path}`), 'utf8');
}
