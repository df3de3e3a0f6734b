/** Changes that Cobalt makes at once, as the tests of them make them. */
import type { INodeParameters } from 'n8n-workflow';

import type { Cobalt, Provider } from '../../../../tools/fake-cobalt/index.mts';
import { run, type RunOptions } from '../../setup.mts';
import { first } from '../atOnce/case.mts';
import { watched } from '../submissions/watched.mts';

export const UPDATE = { resource: 'provider', operation: 'update' };

export const REGISTER = {
	resource: 'webhook',
	operation: 'create',
	webhookUrl: '=https://example.com/{{ $json.path }}',
};

/** Runs a change for one item, unless the options say otherwise. */
export async function change(
	cobalt: Cobalt,
	parameters: INodeParameters,
	options: RunOptions = {},
) {
	return await watched(
		cobalt,
		async () => await run(cobalt, { parameters, items: [{}], ...options }),
	);
}

/** The provider whom the tests change. */
export const provider = (cobalt: Cobalt): Provider =>
	first(cobalt.world.providers({ ehr_id: '118' }));
