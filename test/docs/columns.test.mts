import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { columnsOf } from '../../nodes/Cobalt/declarations/columns.js';
import { resources } from '../../nodes/Cobalt/resources/index.js';
import { cobaltForTest } from '../Cobalt/setup.mts';
import { outputOf } from './outputOf.mts';
import type { Schema } from './schema.mts';

/** The columns that n8n's editor previews. */
function previewed(resource: string, operation: string): string[] {
	const file = `../../nodes/Cobalt/__schema__/v1.0.0/${resource}/${operation}.json`;
	const { properties } = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Schema;
	return Object.keys(properties ?? {});
}

const withJobs = resources.flatMap(({ value: resource, operations }) =>
	operations.flatMap((operation) =>
		operation.kind === 'submission' ? [{ resource, operation }] : [],
	),
);

describe.each(withJobs)('the columns of $resource: $operation.value', ({ resource, operation }) => {
	const columns = columnsOf(operation);

	it('are previewed in their order', () => {
		expect(previewed(resource, operation.value)).toEqual(columns);
	});

	it.each([
		['completed', 1, { waitForResult: true }],
		['pending', 900, { waitForResult: true, options: { timeout: 5 } }],
		['submitted', 900, { waitForResult: false }],
	] as const)('are the first keys of an item whose job is %s', async (status, seconds, more) => {
		const cobalt = await cobaltForTest();
		const items = await outputOf(cobalt, resource, operation.value, {
			prepare: () => {
				cobalt.ehrWorker.plan({ seconds, times: 1 });
			},
			more,
		});
		for (const { json } of items) {
			expect(json.job_status).toBe(status);
			expect(Object.keys(json).slice(0, columns.length)).toEqual(columns);
		}
		expect(items).not.toEqual([]);
	});
});

it('a booking that was found in the list has the columns of any other', async () => {
	const cobalt = await cobaltForTest();
	const [found] = await outputOf(cobalt, 'appointment', 'create', {
		prepare: () => {
			cobalt.faults.add({ kind: 'dropAfterAccept', method: 'POST', path: '/appointments' });
		},
		more: { options: { ifResponseLost: 'search' } },
	});
	const columns = previewed('appointment', 'create');
	expect(found?.json.found_in_list).toBe(true);
	expect(Object.keys(found?.json ?? {}).slice(0, columns.length)).toEqual(columns);
});
