import { describe, expect, it } from 'vitest';

import { flag, toggle } from '../../../nodes/shared/parsers/boolean.js';
import {
	minutes,
	money,
	numberBetween,
	wholeNumber,
} from '../../../nodes/shared/parsers/number.js';
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

describe('numberBetween', () => {
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
	])('reads a number within its limits: %j', (value, expected) => {
		expect(seconds(value, context)).toBe(expected);
	});

	it.each([...NONSENSE, ['a flag', true]])('refuses %s as a number', (_, value) => {
		expectRefused(seconds, value);
	});

	it.each([0, 0.999, 86_400.001, -5, '-5', '86401'])('refuses %j as out of bounds', (value) => {
		expect(expectRefused(seconds, value)).toMatch(/1 to 86400/);
	});

	it.each(NOTHING)('returns undefined when nothing is entered: %j', (nothing) => {
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
	])('writes minutes as digits: %j', (value, expected) => {
		expect(minutes(value, context)).toBe(expected);
	});

	it.each([
		...NONSENSE,
		['a flag', true],
		['half a minute', 30.5],
		['none', 0],
		['too many', 1441],
	])('refuses %s as minutes', (_, value) => {
		expectRefused(minutes, value);
	});

	it.each(NOTHING)('returns undefined when nothing is entered: %j', (nothing) => {
		expect(minutes(nothing, context)).toBeUndefined();
	});
});

describe('wholeNumber', () => {
	const days = wholeNumber(0, 366);

	it.each([
		[0, 0],
		[366, 366],
		['7', 7],
		[' 007 ', 7],
		['7.0', 7],
	])('reads a whole number within its limits: %j', (value, expected) => {
		expect(days(value, context)).toBe(expected);
	});

	it.each([...NONSENSE, ['a flag', false]])('refuses %s as a whole number', (_, value) => {
		expectRefused(days, value);
	});

	it.each([0.5, '1.5', 365.999, 1e-9])('refuses a number that is not whole: %j', (value) => {
		expect(expectRefused(days, value)).toBe('is not a whole number');
	});

	it.each([-1, '-1', 367, 1e21, Number.MAX_VALUE])('refuses %j as out of bounds', (value) => {
		expect(expectRefused(days, value)).toBe('is not a number from 0 to 366');
	});

	it.each(NOTHING)('returns undefined when nothing is entered: %j', (nothing) => {
		expect(days(nothing, context)).toBeUndefined();
	});
});

describe('money', () => {
	const amount = money(0.01, 1_000_000);

	it.each([
		[12.34, 12.34],
		['12.30', 12.3],
		[0.29, 0.29],
		[1_000_000, 1_000_000],
		[4.35, 4.35],
		['19.99', 19.99],
	])('reads whole cents from %j', (value, expected) => {
		expect(amount(value, context)).toBe(expected);
	});

	it.each([12.345, '12.999', 0.1 + 0.2, 1e-9])('refuses a part of a cent: %j', (value) => {
		expectRefused(amount, value);
	});
});

describe.each([
	['toggle', toggle, { yes: true, no: false }],
	['flag', flag, { yes: 'true', no: 'false' }],
] as const)('%s', (_, reader, { yes, no }) => {
	it.each([true, 'true', ' TRUE ', 'True\n'])('reads yes from %j', (value) => {
		expect(reader(value, context)).toBe(yes);
	});

	it.each([false, 'false', ' False '])('reads no from %j', (value) => {
		expect(reader(value, context)).toBe(no);
	});

	it.each([
		...NONSENSE,
		['one', 1],
		['zero', 0],
		['one as text', '1'],
		['yes', 'yes'],
		['two words', 'true false'],
	])('refuses %s as yes or no', (_name, value) => {
		expectRefused(reader, value);
	});

	it.each(NOTHING)('returns undefined when nothing is entered: %j', (nothing) => {
		expect(reader(nothing, context)).toBeUndefined();
	});
});
