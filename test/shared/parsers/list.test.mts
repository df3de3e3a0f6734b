import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { commaList, listOf } from '../../../nodes/shared/parsers/list.js';
import { wholeNumber } from '../../../nodes/shared/parsers/number.js';
import { line, oneOf } from '../../../nodes/shared/parsers/text.js';
import { expectRefused, NOTHING } from './reading.mts';

const context = { timezone: 'UTC' };

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `id${index}`);

describe.each([
	['listOf', listOf(line)],
	['commaList', commaList(line)],
] as const)('%s', (_, reader) => {
	it.each([...NOTHING, [], [''], ['', ' '], ',', ' , ,', ',\n,'])(
		'returns undefined when nothing is entered: %j',
		(nothing) => {
			expect(reader(nothing, context)).toBeUndefined();
		},
	);

	it.each([
		['an object', {}],
		['a flag', true],
		['a Date', new Date(0)],
		['no number', NaN],
		['lists in a list', [['a']]],
		['an object in a list', ['a', {}]],
		['a flag in a list', ['a', false]],
		['a line break in a list', ['a\nb']],
		['NUL in a list', ['a', 'b\0']],
		['undefined in a list', ['a', undefined]],
		['nothing but undefined', [undefined]],
		['null in a list', ['a', null]],
		['null in JSON', '["a", null]'],
		['a gap', Array.of('a').concat(new Array<string>(1))],
		['10,000 letters', 'x'.repeat(10_000)],
		['10,000 values', ids(10_000)],
		['10,000 values in text', ids(10_000).join(',')],
		['one value too many', ids(201)],
	])('refuses a list that is or has %s', (_name, value) => {
		expectRefused(reader, value);
	});
});

describe('listOf', () => {
	it.each<[unknown, string[]]>([
		['118', ['118']],
		['118, 7 ,x', ['118', '7', 'x']],
		[',118,,7,', ['118', '7']],
		[118, ['118']],
		[
			[118, ' 7 ', ''],
			['118', '7'],
		],
		['118; 7;x', ['118', '7', 'x']],
		['118\n7\r\nx\n', ['118', '7', 'x']],
		['118 | 7|x', ['118', '7', 'x']],
		['"118","7"', ['118', '7']],
		['"118" "7", 5" x', ['"118" "7"', '5" x']],
		['"Lopez, Ana"; "Smith | Jones" \n', ['Lopez, Ana', 'Smith | Jones']],
		['["Lopez, Ana"]', ['Lopez, Ana']],
		[['Lopez, Ana'], ['Lopez, Ana']],
		['😀,فاطمة,../,__proto__', ['😀', 'فاطمة', '../', '__proto__']],
		[ids(200), ids(200)],
	])('reads a list: %j', (value, expected) => {
		expect(listOf(line)(value, context)).toEqual(expected);
	});

	it('reads a list value by value', () => {
		const days = listOf(oneOf('Monday', 'Sunday'));
		expect(days('monday, SUNDAY', context)).toEqual(['Monday', 'Sunday']);
		expectRefused(days, 'monday, someday');
		expect(listOf(wholeNumber(1, 9))('1, 2', context)).toEqual([1, 2]);
		expectRefused(listOf(wholeNumber(1, 9)), [1, 10]);
	});

	it('refuses more values than Cobalt accepts', () => {
		const upToTen = listOf(line, 10);
		expect(upToTen(ids(10), context)).toHaveLength(10);
		expect(upToTen([...ids(10), ''], context)).toHaveLength(10);
		expect(expectRefused(upToTen, ids(11))).toContain('more than 10');
	});
});

it('listOf reads the same list with any separator', () => {
	const value = fc
		.string({ minLength: 1, maxLength: 12 })
		.filter((text) => /^[^\s,;|"[\p{C}][^,;|"\s\p{C}]*$/u.test(text));
	const separator = fc.constantFrom(',', ';', '|', '\n', '\r\n', ' , ', ';\n', ',,');
	fc.assert(
		fc.property(
			fc.array(value, { minLength: 1 }),
			separator,
			fc.boolean(),
			(values, between, isQuoted) => {
				const written = values.map((one) => (isQuoted ? `"${one}"` : one)).join(between);
				expect(listOf(line)(written, context)).toEqual(values);
			},
		),
	);
});

describe('commaList', () => {
	it.each<[unknown, string]>([
		['118', '118'],
		[' 118 , 7,', '118,7'],
		[[118, 7], '118,7'],
		[7, '7'],
	])('joins the values with commas: %j', (value, expected) => {
		expect(commaList(line)(value, context)).toBe(expected);
	});

	it('refuses more values than Cobalt accepts', () => {
		expect(expectRefused(commaList(line, 2), 'a,b,c')).toContain('more than 2');
	});
});
