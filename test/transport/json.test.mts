import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { firstText, isObject, parseJson } from '../../dist/nodes/Cobalt/transport/json.js';

describe('the first text', () => {
	it.each([
		[[' a ', 'b'], 'a'],
		[[undefined, null, '', ' ', {}, [], true, 'b'], 'b'],
		[[0, 'b'], '0'],
		[[15550942], '15550942'],
		[[], undefined],
		[[null], undefined],
		[[1e999, -1e999, NaN], undefined],
		[[-0], '0'],
	])('of %j is %j', (values, expected) => {
		expect(firstText(...values)).toBe(expected);
	});
});

describe('an object', () => {
	it.each([{}, { a: 1 }, Object.create(null)])('is one with keys: %j', (value) => {
		expect(isObject(value)).toBe(true);
	});

	it.each([undefined, null, '', 'text', 0, NaN, true, [], [{}], () => ({})])(
		'is nothing else: %j',
		(value) => {
			expect(isObject(value)).toBe(false);
		},
	);
});

describe('JSON', () => {
	it('is read, whatever it holds', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const text = JSON.stringify(value);
				expect(parseJson(text)).toEqual(JSON.parse(text));
			}),
		);
	});

	it.each(['', ' ', 'undefined', 'NaN', '{', '{"a": 1', '<html>', '{} {}'])(
		'is not there in other text: %j',
		(text) => {
			expect(parseJson(text)).toBeUndefined();
		},
	);

	it('is told from text that is none, also when it is null', () => {
		expect(parseJson('null')).toBeNull();
	});
});
