import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Field } from '../../../nodes/Cobalt/declarations/field.js';
import { fieldsOf } from '../../../nodes/Cobalt/declarations/operation.js';
import type { Operation } from '../../../nodes/Cobalt/declarations/operation.js';
import { cobaltForTest, run } from '../setup.mts';
import { type Value, kindOf, located, NOTHING, kinds } from './fieldKinds.mts';
import { cases, type Case, titled, conditionOf, withFiles, fill } from './operationCases.mts';

function badValuesFor(field: Field, operation: Operation): Value[] {
	const { bad } = kindOf(field, operation);
	const { type, required } = field.property;
	const values = typeof bad === 'function' ? bad(field) : bad;
	// A name that the item does not have: what an expression gives then is filled in, and not read.
	if (!required) return [...values, undefined];
	const nothingPicked = type === 'resourceLocator' ? located(NOTHING)(field) : [];
	const nothingListed = type === 'multiOptions' ? [[], [''], [null]] : [];
	return [...values, ...NOTHING, ...nothingPicked, ...nothingListed];
}

const fieldCases = cases.flatMap((one) =>
	fieldsOf(one.operation).map((field): [string, Case, Field] => [
		titled(`${one.title}: ${field.property.displayName}`, conditionOf(field)),
		one,
		field,
	]),
);

describe('bad values of each field', () => {
	it.each(fieldCases)('refuses bad values before any request: %s', async (_, one, field) => {
		const values = badValuesFor(field, one.operation);
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, {
			...withFiles(values.map((bad) => ({ bad }))),
			parameters: fill(one, [[field, '={{ $json.bad }}']]),
		});
		const errors = ended.json('On Error');
		const isRefused = (index: number) =>
			errors.some(
				({ error, details }) =>
					typeof error === 'string' &&
					error.startsWith(`'${field.property.displayName}' `) &&
					error.endsWith(` [item ${index}]`) &&
					(details as IDataObject).description,
			);
		const notRefused = values.filter((_value, index) => !isRefused(index));
		expect(notRefused.map((value) => JSON.stringify(value))).toEqual([]);
		expect(errors).toHaveLength(values.length);
		expect(cobalt.world.requests()).toEqual([]);
	});
});

it('uses each kind of field for a field of the node', () => {
	const used = fieldCases.map(([, { operation }, field]) => kindOf(field, operation));
	expect(kinds.filter((kind) => !used.includes(kind)).map(({ name }) => name)).toEqual([]);
});
