import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { firstText, isObject, parseJson } from '../../nodes/shared/json.js';

describe('firstText', () => {
	it.each([
		[[' a ', 'b'], 'a'],
		[[undefined, null, '', ' ', {}, [], true, 'b'], 'b'],
		[[0, 'b'], '0'],
		[[15550942], '15550942'],
		[[], undefined],
		[[null], undefined],
		[[1e999, -1e999, NaN], undefined],
		[[-0], '0'],
	])('returns for %j the text %j', (values, expected) => {
		expect(firstText(...values)).toBe(expected);
	});
});

describe('isObject', () => {
	it.each([{}, { a: 1 }, Object.create(null)])('recognizes an object: %j', (value) => {
		expect(isObject(value)).toBe(true);
	});

	it.each([undefined, null, '', 'text', 0, NaN, true, [], [{}], () => ({})])(
		'recognizes that this is not an object: %j',
		(value) => {
			expect(isObject(value)).toBe(false);
		},
	);
});

/** What JavaScript writes with all digits, and cannot hold exactly. */
const longAsText = (_: string, value: unknown) =>
	Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(Number(value)) < 1e21
		? String(value)
		: value;

describe('parseJson', () => {
	it('reads any JSON', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const text = JSON.stringify(value);
				expect(parseJson(text)).toEqual(JSON.parse(text, longAsText));
			}),
		);
	});

	it.each(['', ' ', 'undefined', 'NaN', '{', '{"a": 1', '<html>', '{} {}'])(
		'returns undefined for other text: %j',
		(text) => {
			expect(parseJson(text)).toBeUndefined();
		},
	);

	it.each([
		['{"job_id":7615917337495251231}', { job_id: '7615917337495251231' }],
		['[7615917337495251231, -9007199254740993]', ['7615917337495251231', '-9007199254740993']],
		['{"a": [9007199254740991, 9007199254740992]}', { a: [9007199254740991, '9007199254740992'] }],
		[' 7615917337495251231\n', '7615917337495251231'],
		['{"id":7615917337495251231.0}', { id: '7615917337495251231' }],
		[
			'{"t":"a: 7615917337495251231 \\" :1111111111111111111","u":"\\\\","id":1111111111111111111}',
			{ t: 'a: 7615917337495251231 " :1111111111111111111', u: '\\', id: '1111111111111111111' },
		],
		[
			'{"pi":3.14159265358979323846,"e":1234567890123456789e2}',
			{ pi: Math.PI, e: 1234567890123456789e2 },
		],
		['{"__proto__":7615917337495251231}', JSON.parse('{"__proto__":"7615917337495251231"}')],
	])('keeps all digits of a whole number that is too large: %s', (text, expected) => {
		expect(parseJson(text)).toEqual(expected);
	});

	it.each([
		'{7615917337495251231:1}',
		'{"a":7615917337495251231',
		'7615917337495251231 7',
		'[01111111111111111]',
	])('returns undefined for invalid text with large numbers: %s', (text) => {
		expect(parseJson(text)).toBeUndefined();
	});

	it('keeps every 64-bit ID among any other values', () => {
		fc.assert(
			fc.property(
				fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
				fc.jsonValue(),
				fc.string(),
				(id, other, text) => {
					const json = `{"id":${id},"other":${JSON.stringify(other)},"t":${JSON.stringify(text + String(id))}}`;
					const { id: read, ...rest } = parseJson(json) as Record<string, unknown>;
					expect(String(read)).toBe(String(id));
					expect(rest).toEqual(
						JSON.parse(JSON.stringify({ other, t: text + String(id) }), longAsText),
					);
				},
			),
		);
	});

	it('reads JSON with a file of many megabytes', () => {
		const text = '\\"x'.repeat(4_000_000);
		expect(
			parseJson(JSON.stringify({ id: 1, text }).replace(':1,', ':7615917337495251231,')),
		).toEqual({
			id: '7615917337495251231',
			text,
		});
	});

	it('returns null for the JSON null', () => {
		expect(parseJson('null')).toBeNull();
	});
});
