import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { arrayOf, json, optional, required, objectOf } from '../../../nodes/Cobalt/parsers/json.js';
import { parseJson } from '../../../nodes/shared/json.js';
import { date } from '../../../nodes/shared/parsers/dateTime.js';
import { wholeNumber } from '../../../nodes/shared/parsers/number.js';
import type { Parser } from '../../../nodes/shared/parsers/parser.js';
import { line } from '../../../nodes/shared/parsers/text.js';
import { expectRefused, NOTHING } from '../../shared/parsers/reading.mts';

const context = { timezone: 'UTC' };

/** Takes anything. */
const any: Parser = (value) => value;

const visit = objectOf({
	name: required(line),
	day: optional(date),
	minutes: optional(wholeNumber(1, 60)),
});

const visits = json(arrayOf(visit, 1));

describe('json', () => {
	it.each(NOTHING)('returns undefined when nothing is entered: %j', (nothing) => {
		expect(json(any)(nothing, context)).toBeUndefined();
	});

	it('reads JSON from text', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const text = JSON.stringify(value);
				expect(json(any)(text, context)).toEqual(parseJson(text));
			}),
		);
	});

	it.each([{ a: 1 }, [1], 7, false])('returns the value of an expression as it is: %j', (value) => {
		expect(json(any)(value, context)).toBe(value);
	});

	it.each([
		'{',
		'[1,]',
		"{'a': 1}",
		'{a: 1}',
		'NaN',
		'undefined',
		'[object Object]',
		'{} {}',
		'😀',
		'فاطمة',
		'../',
		'"a\nb"',
		'x'.repeat(10_000),
		'['.repeat(10_000),
	])('refuses invalid JSON: %s', (text) => {
		expect(expectRefused(json(any), text)).toBe('is not valid JSON');
	});

	it('reads the parsed value with the given parser', () => {
		expect(visits('[{"name": " Ann ", "minutes": "30"}]', context)).toEqual([
			{ name: 'Ann', minutes: 30 },
		]);
		expect(visits([{ name: 'Ann', day: '2025-03-15T14:00' }], context)).toEqual([
			{ name: 'Ann', day: '2025-03-15' },
		]);
	});

	it.each(['null', '""', '"  "'])('returns undefined when the JSON is empty: %s', (text) => {
		expect(visits(text, context)).toBeUndefined();
	});
});

describe('objectOf', () => {
	it.each(NOTHING)('returns undefined when nothing is entered: %j', (nothing) => {
		expect(visit(nothing, context)).toBeUndefined();
	});

	it('returns the fields that are entered, in the declared order', () => {
		const read = visit({ minutes: 5, day: ' ', name: 'Ann' }, context);
		expect(read).toEqual({ name: 'Ann', minutes: 5 });
		expect(Object.keys(read ?? {})).toEqual(['name', 'minutes']);
	});

	it.each([
		['text', 'text'],
		['a number', 7],
		['a flag', false],
		['an array', []],
		['objects in an array', [{ name: 'Ann' }]],
	])('refuses %s instead of an object', (_, value) => {
		expect(expectRefused(visit, value)).toBe('is not an object');
	});

	it.each(['{}', '{"name": null}', '{"name": " "}'])(
		'refuses an object without a required field: %s',
		(text) => {
			expect(expectRefused(json(visit), text)).toBe("has no 'name'");
		},
	);

	it.each([
		'{"name": "Ann", "Name": "Ann"}',
		'{"name": "Ann", "": 1}',
		'{"name": "Ann", "__proto__": {"minutes": 5}}',
		'{"name": "Ann", "constructor": {"prototype": {}}}',
		'{"name": "Ann", "toString": null}',
	])('refuses an object with a field that Cobalt does not know: %s', (text) => {
		expect(expectRefused(json(visit), text)).toBe('has an unknown field');
	});

	it('names the known fields when it refuses an unknown one', () => {
		expect(() => visit({ secret: 'Jane Doe' }, context)).toThrow(
			expect.objectContaining({ advice: 'The fields of this object are: name, day, minutes.' }),
		);
	});

	it.each([
		[{ name: 'a\nb' }, "has a 'name' that has a line break or an invalid character"],
		[{ name: ['Ann'] }, "has a 'name' that is not text"],
		[{ name: 'x'.repeat(10_000) }, "has a 'name' that is longer than 255 characters"],
		[{ name: 'Ann', day: '2025-02-30' }, "has a 'day' that has a date that does not exist"],
		[{ name: 'Ann', minutes: 1.5 }, "has a 'minutes' that is not a whole number"],
	])('names the field that is wrong: %j', (value, message) => {
		expect(expectRefused(visit, value)).toBe(message);
	});

	it('names the path to a field that is wrong deep inside', () => {
		const outer = objectOf({ visits: required(arrayOf(visit)) });
		expect(expectRefused(outer, { visits: [{ name: 'Ann' }, {}] })).toBe(
			"has a 'visits' that has no 'name'",
		);
		expect(expectRefused(outer, { visits: [{ name: 'Ann', minutes: 99 }] })).toMatch(
			/^has a 'visits' that has a 'minutes' that is not a number from 1 to 60/,
		);
	});

	it('does not catch errors other than refusals', () => {
		const bug = new TypeError('x is not a function');
		const broken = objectOf({
			name: optional(() => {
				throw bug;
			}),
		});
		expect(() => broken({ name: 'Ann' }, context)).toThrow(bug);
	});
});

describe('arrayOf', () => {
	const names = arrayOf(line);

	it.each(NOTHING)('returns undefined when nothing is entered: %j', (nothing) => {
		expect(names(nothing, context)).toBeUndefined();
	});

	it.each([
		[[], []],
		[
			['a', 7],
			['a', '7'],
		],
	])('reads a list value by value: %j', (value, expected) => {
		expect(names(value, context)).toEqual(expected);
	});

	it.each([[['a', null]], [['', 'b']], [['a', ' ', 'b']]])(
		'refuses a list with an empty entry: %j',
		(value) => {
			expect(expectRefused(names, value)).toBe('has an empty list entry');
		},
	);

	it.each([
		['text', 'a,b'],
		['a number', 7],
		['an object', { 0: 'a', length: 1 }],
	])('refuses %s instead of a list', (_, value) => {
		expect(expectRefused(names, value)).toBe('is not a list');
	});

	it.each([[[]], [[null]], [['']], [[' ', null]]])(
		'refuses a list with fewer values than required: %j',
		(value) => {
			expectRefused(arrayOf(line, 1), value);
		},
	);
});
