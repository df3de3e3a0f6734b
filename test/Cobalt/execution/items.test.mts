import { expect, it } from 'vitest';

import { outputItem } from '../../../nodes/Cobalt/execution/items.js';

it('an output item is paired with its input item, and has its files', () => {
	const binary = { data: { data: '', mimeType: 'text/plain' } };
	expect(outputItem({ json: { id: 1 }, binary }, 3)).toEqual({
		json: { id: 1 },
		binary,
		pairedItem: { item: 3 },
	});
});

it.each(['denied', true, { code: 7 }, 0, null])(
	'an output item never has the error %j, which would make n8n run the node again',
	(error) => {
		const { json } = outputItem({ json: { id: 1, error, status: 'ERROR' } }, 0);
		expect(json).toEqual({ id: 1, status: 'ERROR', cobalt_error: error });
	},
);
