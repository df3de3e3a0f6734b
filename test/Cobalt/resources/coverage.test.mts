import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import type { Field } from '../../../nodes/Cobalt/declarations/field.js';
import {
	fieldsOf,
	methodOf,
	type Operation,
} from '../../../nodes/Cobalt/declarations/operation.js';
import { searchableLists } from '../../../nodes/Cobalt/listSearch/searchableLists.js';
import { resources } from '../../../nodes/Cobalt/resources/index.js';
import { RecordQuery } from '../../../nodes/shared/pagination/findRecord.js';
import { routes } from '../../../tools/fake-cobalt/routes/index.mts';
import { endpoints, leftOut } from '../../../tools/fake-cobalt/server/endpoints.mts';

/** What the names in the places of a path are differs: only the places count. */
const placesOf = (endpoint: string) => endpoint.replace(/\{\w+\}|:\w+/g, '{}');

const documented = endpoints.map(placesOf);

const missingIn = (some: readonly string[], others: readonly string[]) =>
	some.filter((one) => !others.includes(one));

describe('the fake Cobalt', () => {
	const served = routes.map(({ method, path }) => placesOf(`${method} ${path}`));

	it('has no endpoint that is not documented', () => {
		expect(missingIn(served, documented)).toEqual([]);
	});

	it('has every documented endpoint, or a reason not to', () => {
		const without = missingIn(documented, served);
		expect(without.sort()).toEqual(Object.keys(leftOut).map(placesOf).sort());
		expect(Object.values(leftOut).filter((reason) => reason === '')).toEqual([]);
	});
});

/** What a field puts into the path: how it is picked may decide which endpoint is asked. */
function segmentsOf({ property, read }: Field): string[] {
	const entered = property.modes?.map(({ name: mode }) => ({ mode, value: 'ID' })) ?? ['ID'];
	const segments = entered.map((value) => [read(value, { timezone: 'utc' })].flat());
	return segments.map((parts) =>
		parts
			.map((part) => (part instanceof RecordQuery ? '{}' : part))
			.join('/')
			.replace('ID', '{}'),
	);
}

function endpointsOf(operation: Operation): string[] {
	const paths = fieldsOf(operation).reduce(
		(known, field) =>
			known.flatMap((path) =>
				path.includes(`{${field.key}}`)
					? segmentsOf(field).map((segments) => path.replace(`{${field.key}}`, segments))
					: [path],
			),
		[operation.path],
	);
	return paths.map((path) => `${methodOf(operation)} ${path}`);
}

describe('the node', () => {
	const reached = resources.flatMap(({ operations }) => operations.flatMap(endpointsOf));

	/** The lines of the table in the notes that explain endpoints without an operation. */
	const notes = readFileSync(new URL('../../../docs/api-notes.md', import.meta.url), 'utf8');
	const [, section = ''] = /^## Endpoints without an operation\n([\s\S]*?)^## /m.exec(notes) ?? [];
	const explained = [...section.matchAll(/^\| `(.+?)` +\| (.*?) +\|$/gm)];

	it('uses no endpoint that is not documented, not even for its lists', () => {
		const lists = Object.values(searchableLists).map(({ list }) => `GET ${list.path}`);
		expect(missingIn([...reached, ...lists], documented)).toEqual([]);
	});

	it('uses every documented endpoint, or the notes say why not', () => {
		const without = missingIn(documented, reached);
		const named = explained.map(([, endpoint = '']) => placesOf(endpoint));
		expect(named.sort()).toEqual(without.sort());
		expect(explained.filter(([, , why = '']) => why.length < 20)).toEqual([]);
	});
});
