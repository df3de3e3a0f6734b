import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sign, Signature } from '../../dist/nodes/Cobalt/events/signature.js';

const SECRET = 'whsec_1';
const BODY = '{\n  "id": "evt_1", "name": "Jürgen \\u00e9 😀"\n}';
const REWRITTEN = JSON.stringify(JSON.parse(BODY));

const bytes = (text: string) => Buffer.from(text);

const isSigned = (body: Buffer, header: unknown, secrets: string[]): boolean =>
	new Signature(body, header).madeBy(secrets) !== undefined;

describe('a delivery', () => {
	it('is signed with HMAC-SHA256 (RFC 4231, test case 2)', () => {
		expect(sign('what do ya want for nothing?', 'Jefe')).toBe(
			'5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
		);
	});

	it.each([
		['as it came', sign(BODY, SECRET)],
		['written again', sign(REWRITTEN, SECRET)],
		['in capitals', sign(BODY, SECRET).toUpperCase()],
	])('is believed when signed %s', (_, signature) => {
		expect(isSigned(bytes(BODY), signature, [SECRET])).toBe(true);
		expect(isSigned(bytes(BODY), signature, ['other', '', SECRET])).toBe(true);
		expect(isSigned(bytes(BODY), signature, ['other'])).toBe(false);
		expect(isSigned(bytes(`${BODY}x`), signature, [SECRET])).toBe(false);
	});

	it('is believed for its bytes when it is no JSON', () => {
		for (const body of [Buffer.alloc(0), Buffer.from([0xff, 0x00, 0xc3]), bytes('{"a":')]) {
			expect(isSigned(body, sign(body, SECRET), [SECRET])).toBe(true);
			expect(isSigned(body, sign('undefined', SECRET), [SECRET])).toBe(false);
		}
	});

	it('is believed with whatever keys', () => {
		const body = '{"__proto__": {"a": 1}, "constructor": null, "2": 1, "1": 2}';
		const rewritten = JSON.stringify(JSON.parse(body));
		expect(rewritten).toContain('"__proto__":{"a":1}');
		expect(isSigned(bytes(body), sign(rewritten, SECRET), [SECRET])).toBe(true);
	});

	it('is not believed without a secret', () => {
		expect(isSigned(bytes(BODY), sign(BODY, ''), [])).toBe(false);
		expect(isSigned(bytes(BODY), sign(BODY, ''), ['', ''])).toBe(false);
		expect(isSigned(bytes(BODY), sign(REWRITTEN, ''), [''])).toBe(false);
	});

	it('of endless depth is judged by its bytes', () => {
		const body = bytes('['.repeat(200_000) + ']'.repeat(200_000));
		expect(isSigned(body, sign(body, SECRET), [SECRET])).toBe(true);
		expect(isSigned(body, sign(body, 'other'), [SECRET])).toBe(false);
	});
});

describe('a header', () => {
	const good = sign(BODY, SECRET);

	it.each<unknown>([
		undefined,
		null,
		'',
		7,
		true,
		{},
		[good],
		[],
		good.slice(1),
		`${good}0`,
		` ${good}`,
		`${good}\n`,
		`sha256=${good}`,
		good.replace(/./, 'g'),
		'0'.repeat(64),
		Buffer.from(good, 'hex').toString('base64'),
	])('that is no signature is not believed: %j', (header) => {
		expect(isSigned(bytes(BODY), header, [SECRET])).toBe(false);
	});

	it('of any kind does no harm', () => {
		fc.assert(
			fc.property(
				fc.uint8Array(),
				fc.anything(),
				fc.array(fc.string()),
				(body, header, secrets) => {
					expect(isSigned(Buffer.from(body), header, secrets)).toBe(false);
				},
			),
		);
	});
});
