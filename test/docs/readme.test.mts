import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import type { Operation } from '../../nodes/Cobalt/declarations/operation.js';
import { resources } from '../../nodes/Cobalt/resources/index.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** An operation as the README lists it. */
function entryOf({ name, kind, description }: Operation): string {
	const wait = kind === 'submission' ? ' ⏱' : '';
	const ehr = /\beClinicalWorks only\b/i.test(description) ? ' (eClinicalWorks)' : '';
	return name + wait + ehr;
}

it('README.md lists every operation, and says which take a while and which need eClinicalWorks', () => {
	const [, section = ''] = readme.split('\n## Operations\n');
	const rows = [...section.matchAll(/^\| (\S.*?) +\| (\S.*?) +\|$/gm)]
		.slice(2, 2 + resources.length)
		.map(([, resource, operations]) => [resource, operations?.split(', ')]);
	expect(rows).toEqual(resources.map(({ name, operations }) => [name, operations.map(entryOf)]));
});
