import { describe, expect, it } from 'vitest';

import { locatorValue, locatorSegments } from '../../../nodes/Cobalt/parsers/resourceLocator.js';
import { id as readId } from '../../../nodes/shared/parsers/id.js';
import { wholeNumber } from '../../../nodes/shared/parsers/number.js';
import { expectRefused, NOTHING } from '../../shared/parsers/reading.mts';

const context = { timezone: 'UTC' };

const id = locatorValue(readId);

const segments = locatorSegments(readId, { ehrId: 'ehr' });

const locator = (mode: unknown, value: unknown) => ({ __rl: true, mode, value });

describe.each([
	['what was picked', id],
	['the end of an address', segments],
] as const)('%s', (_, reader) => {
	it.each(NOTHING)('is not there when nothing was picked or entered: %j', (nothing) => {
		expect(reader(nothing, context)).toBeUndefined();
		expect(reader(locator('list', nothing), context)).toBeUndefined();
		expect(reader(locator('ehrId', nothing), context)).toBeUndefined();
	});

	it.each([
		['an object without a value', {}],
		['an object with a mode only', { mode: 'list' }],
		['an object that hides its value', JSON.parse('{"__proto__": {"value": "7"}}') as unknown],
		['a Date', new Date(0)],
		['an array', ['7']],
		['a flag', true],
		['a locator in a locator', locator('list', locator('list', '7'))],
		['a line break', locator('id', 'a\nb')],
		['10,000 letters', locator('id', 'x'.repeat(10_000))],
	])('is refused when it is or holds %s', (_name, value) => {
		expectRefused(reader, value);
	});
});

describe('what was picked', () => {
	it.each([
		[locator('list', '118'), '118'],
		[locator('id', ' 118 '), '118'],
		[locator('list', 118), '118'],
		[{ value: '118' }, '118'],
		['118', '118'],
		[118, '118'],
		[locator('id', '😀 فاطمة ../'), '😀 فاطمة ../'],
	])('is its id: %j', (value, expected) => {
		expect(id(value, context)).toBe(expected);
	});

	it('is read as the field wants it', () => {
		const number = locatorValue(wholeNumber(1, 9));
		expect(number(locator('id', '7'), context)).toBe(7);
		expectRefused(number, locator('id', '10'));
	});
});

describe('the end of an address', () => {
	it.each<[unknown, string[]]>([
		[locator('list', 'a1'), ['a1']],
		[locator('id', 'a1'), ['a1']],
		[locator('ehrId', ' 118 '), ['ehr', '118']],
		[locator('ehrId', 118), ['ehr', '118']],
		['a1', ['a1']],
		[118, ['118']],
		[{ value: 'a1' }, ['a1']],
		[locator(null, 'a1'), ['a1']],
		[locator({}, 'a1'), ['a1']],
		[locator('EHRID', 'a1'), ['a1']],
		[locator('ehrId', 'a/../b'), ['ehr', 'a/../b']],
	])('differs by the kind of the id: %j', (value, expected) => {
		expect(segments(value, context)).toEqual(expected);
	});

	it.each(['toString', 'constructor', '__proto__'])(
		'has nothing before the id for an unknown kind: %s',
		(mode) => {
			expect(segments(locator(mode, 'a1'), context)).toEqual(['a1']);
		},
	);

	it.each(['.', '..', locator('list', '..'), locator('ehrId', '.')])(
		'is refused where an address cannot hold it: %j',
		(value) => {
			expectRefused(segments, value);
		},
	);
});
