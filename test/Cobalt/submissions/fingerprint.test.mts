import fc from 'fast-check';
import { parse, stringify } from 'flatted';
import { describe, expect, it } from 'vitest';

import { fingerprint } from '../../../nodes/Cobalt/submissions/fingerprint.js';

/** Refers to itself, as nodes do that hand on a response. */
function circular(body: unknown) {
	const response: Record<string, unknown> = { body, list: [1] };
	response.self = response;
	(response.list as unknown[]).push(response);
	return { id: 7, response };
}

function nested(levels: number): unknown {
	let value: unknown = 'core';
	for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { value };
	return value;
}

describe('fingerprint', () => {
	it('is the same for any value after n8n has saved it and read it back', () => {
		fc.assert(
			fc.property(fc.object({ withDate: true, withNullPrototype: true }), (value) => {
				const saved = JSON.parse(JSON.stringify(value)) as unknown;
				expect(fingerprint(value)).toBe(fingerprint(saved));
			}),
		);
	});

	it.each<[what: string, value: unknown]>([
		['a list with holes', { list: Object.assign([1], { 2: 3 }) }],
		['texts in their object form', { text: boxed('Jane'), list: [boxed('Doe')] }],
		['numbers in their object form', { number: boxed(7), no: boxed(-0.5) }],
		['truth values in their object form', { yes: boxed(true), no: boxed(false) }],
		['files in memory', { file: Buffer.from('scan'), bytes: new Uint8Array([1, 2]) }],
		['a Map and a Set', { map: new Map([[1, 2]]), set: new Set([1]) }],
		['numbers that JSON has not', [NaN, Infinity, -0]],
	])('is the same for %s after n8n has saved it and read it back', (_, value) => {
		expect(fingerprint(value)).toBe(fingerprint(parse(stringify(value))));
	});

	it.each([
		['2025-07-01T18:00:00Z', true],
		['2025-07-01T18:00:00.000Z', true],
		['2025-07-01T11:00:00-07:00', true],
		['2025-07-01T14:00:00-05:00', false],
		['2025-07-01T14:00:00', false],
	])('recognizes the same moment in %s: %s', (other, isSame) => {
		const digest = fingerprint({ datetime: '2025-07-01T14:00:00-04:00' });
		expect(fingerprint({ datetime: other }) === digest).toBe(isSame);
	});

	it('differs when the JSON of two values differs, and only then', () => {
		fc.assert(
			fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (one, other) => {
				const sorted = (value: unknown) => JSON.stringify(sort(value));
				expect(fingerprint(one) === fingerprint(other)).toBe(sorted(one) === sorted(other));
			}),
		);
	});

	it.each<[what: string, value: unknown]>([
		['a reference to itself', circular('a')],
		['a BigInt', { id: 12_345_678_901_234_567_890n }],
		['a BigInt in a list', [1n]],
		['functions and symbols', { run: () => 1, tag: Symbol('x'), list: [() => 1] }],
		['ten thousand levels', nested(10_000)],
		['a date that is none', { at: new Date(NaN) }],
		[
			'a getter that throws',
			Object.defineProperty({}, 'broken', {
				enumerable: true,
				get: () => {
					throw new Error('Jane Doe');
				},
			}),
		],
		[
			'a toJSON that throws',
			{
				toJSON: () => {
					throw new Error('Jane Doe');
				},
			},
		],
		[
			'a proxy that throws',
			new Proxy(
				{},
				{
					ownKeys: () => {
						throw new Error('Jane Doe');
					},
				},
			),
		],
		['a revoked proxy', revoked()],
		['nothing', undefined],
	])('returns the same digest each time for %s', (_, value) => {
		expect(fingerprint(value)).toMatch(/^[0-9a-f]{24}$/);
		expect(fingerprint({ value })).toBe(fingerprint({ value }));
	});

	it('differs for different values that refer to themselves', () => {
		expect(fingerprint(circular('a'))).toBe(fingerprint(circular('a')));
		expect(fingerprint(circular('a'))).not.toBe(fingerprint(circular('b')));
	});

	it('does not depend on whether a value is shared or copied', () => {
		const shared = { mrn: '44235' };
		expect(fingerprint([shared, shared])).toBe(fingerprint([{ ...shared }, { ...shared }]));
	});
});

/** A primitive in its object form. */
const boxed = (value: unknown): unknown => Object(value);

function revoked(): unknown {
	const { proxy, revoke } = Proxy.revocable({}, {});
	revoke();
	return proxy;
}

function sort(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sort);
	if (typeof value !== 'object' || value === null) return value;
	const sorted = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
	return Object.fromEntries(sorted.map(([key, field]) => [key, sort(field)]));
}
