import { describe, expect, it } from 'vitest';

import { flag, toggle } from '../../../nodes/shared/parsers/boolean.js';
import { minutes, numberBetween, wholeNumber } from '../../../nodes/shared/parsers/number.js';
import { expectRefused, NOTHING } from './reading.mts';

const context = { timezone: 'UTC' };

/** What no number and no flag can be read from. */
const NONSENSE: Array<[string, unknown]> = [
	['a word', 'thirty'],
	['a number with a unit', '30 minutes'],
	['a comma', '30,5'],
	['NUL', '30\0'],
	['the digits of a computer', '0x1F'],
	['binary digits', '0b11'],
	['a currency', '$30'],
	['an emoji', '😀'],
	['__proto__', '__proto__'],
	['10,000 letters', 'x'.repeat(10_000)],
	['10,000 digits', '9'.repeat(10_000)],
	['no number', NaN],
	['an endless number', Infinity],
	['an endless number as text', '-Infinity'],
	['an object', {}],
	['an object without a text', { toString: null }],
	['an empty array', []],
	['a number in an array', [30]],
	['a flag in an array', ['true']],
	['a Date', new Date(0)],
];

describe('a number', () => {
	const seconds = numberBetween(1, 86_400);

	it.each([
		[1, 1],
		[86_400, 86_400],
		[1.5, 1.5],
		['30', 30],
		[' 30 ', 30],
		['30.0', 30],
		['\u200b3\u00ad0\u00a0', 30],
		['３０', 30],
		['٣٠', 30],
		['0.5e1', 5],
	])('is taken within its bounds: %j', (value, expected) => {
		expect(seconds(value, context)).toBe(expected);
	});

	it.each([...NONSENSE, ['a flag', true]])('is refused when it is %s', (_, value) => {
		expectRefused(seconds, value);
	});

	it.each([0, 0.999, 86_400.001, -5, '-5', '86401'])('is refused out of bounds: %j', (value) => {
		expect(expectRefused(seconds, value)).toMatch(/1 to 86400/);
	});

	it.each(NOTHING)('is not there when nothing was entered: %j', (nothing) => {
		expect(seconds(nothing, context)).toBeUndefined();
	});
});

describe('minutes', () => {
	it.each([
		[30, '30'],
		['30', '30'],
		['030', '30'],
		[1, '1'],
		[1440, '1440'],
	])('are sent as digits: %j', (value, expected) => {
		expect(minutes(value, context)).toBe(expected);
	});

	it.each([
		...NONSENSE,
		['a flag', true],
		['half a minute', 30.5],
		['none', 0],
		['too many', 1441],
	])('are refused when they are %s', (_, value) => {
		expectRefused(minutes, value);
	});

	it.each(NOTHING)('are not there when nothing was entered: %j', (nothing) => {
		expect(minutes(nothing, context)).toBeUndefined();
	});
});

describe('a whole number', () => {
	const days = wholeNumber(0, 366);

	it.each([
		[0, 0],
		[366, 366],
		['7', 7],
		[' 007 ', 7],
		['7.0', 7],
	])('is taken within its bounds: %j', (value, expected) => {
		expect(days(value, context)).toBe(expected);
	});

	it.each([...NONSENSE, ['a flag', false]])('is refused when it is %s', (_, value) => {
		expectRefused(days, value);
	});

	it.each([0.5, '1.5', 365.999, 1e-9])('is refused when it is not whole: %j', (value) => {
		expect(expectRefused(days, value)).toBe('is not a whole number');
	});

	it.each([-1, '-1', 367, 1e21, Number.MAX_VALUE])('is refused out of bounds: %j', (value) => {
		expect(expectRefused(days, value)).toBe('is not a number from 0 to 366');
	});

	it.each(NOTHING)('is not there when nothing was entered: %j', (nothing) => {
		expect(days(nothing, context)).toBeUndefined();
	});
});

describe.each([
	['a toggle', toggle, { yes: true, no: false }],
	['a flag, for Cobalt', flag, { yes: 'true', no: 'false' }],
] as const)('%s', (_, reader, { yes, no }) => {
	it.each([true, 'true', ' TRUE ', 'True\n'])('is a yes: %j', (value) => {
		expect(reader(value, context)).toBe(yes);
	});

	it.each([false, 'false', ' False '])('is a no: %j', (value) => {
		expect(reader(value, context)).toBe(no);
	});

	it.each([
		...NONSENSE,
		['one', 1],
		['zero', 0],
		['one as text', '1'],
		['yes', 'yes'],
		['two words', 'true false'],
	])('is refused when it is %s', (_name, value) => {
		expectRefused(reader, value);
	});

	it.each(NOTHING)('is not there when nothing was entered: %j', (nothing) => {
		expect(reader(nothing, context)).toBeUndefined();
	});
});
