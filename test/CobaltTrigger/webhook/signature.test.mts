import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sign, Signature } from '../../../nodes/CobaltTrigger/webhook/signature.js';
import { parseJson } from '../../../nodes/shared/json.js';

const SECRET = 'whsec_1';
const BODY = '{\n  "id": "evt_1", "name": "Jürgen \\u00e9 😀"\n}';
const REWRITTEN = JSON.stringify(JSON.parse(BODY));

const bytes = (text: string) => Buffer.from(text);

const isSigned = (body: Buffer, header: unknown, secrets: string[]): boolean =>
	new Signature(body, header).provenBy(secrets) !== undefined;

describe('a delivery', () => {
	it('computes HMAC-SHA256 (RFC 4231, test case 2)', () => {
		expect(sign('what do ya want for nothing?', 'Jefe')).toBe(
			'5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
		);
	});

	it.each([
		['as it came', sign(BODY, SECRET)],
		['written again', sign(REWRITTEN, SECRET)],
		['in capitals', sign(BODY, SECRET).toUpperCase()],
	])('accepts a body signed %s', (_, signature) => {
		expect(isSigned(bytes(BODY), signature, [SECRET])).toBe(true);
		expect(isSigned(bytes(BODY), signature, ['other', '', SECRET])).toBe(true);
		expect(isSigned(bytes(BODY), signature, ['other'])).toBe(false);
		expect(isSigned(bytes(`${BODY}x`), signature, [SECRET])).toBe(false);
	});

	it('accepts a body that is no JSON by its bytes', () => {
		for (const body of [Buffer.alloc(0), Buffer.from([0xff, 0x00, 0xc3]), bytes('{"a":')]) {
			expect(isSigned(body, sign(body, SECRET), [SECRET])).toBe(true);
			expect(isSigned(body, sign('undefined', SECRET), [SECRET])).toBe(false);
		}
	});

	it('accepts a body with any keys', () => {
		const body = '{"__proto__": {"a": 1}, "constructor": null, "2": 1, "1": 2}';
		const rewritten = JSON.stringify(JSON.parse(body));
		expect(rewritten).toContain('"__proto__":{"a":1}');
		expect(isSigned(bytes(body), sign(rewritten, SECRET), [SECRET])).toBe(true);
	});

	it('accepts a body with an ID of 64 bits, which the sample code rounds', () => {
		const body = '{"job_id": 7615917337495251231}';
		expect(isSigned(bytes(body), sign('{"job_id":7615917337495251000}', SECRET), [SECRET])).toBe(
			true,
		);
		expect(isSigned(bytes(body), sign(body, SECRET), [SECRET])).toBe(true);
	});

	it('refuses every body without a secret', () => {
		expect(isSigned(bytes(BODY), sign(BODY, ''), [])).toBe(false);
		expect(isSigned(bytes(BODY), sign(BODY, ''), ['', ''])).toBe(false);
		expect(isSigned(bytes(BODY), sign(REWRITTEN, ''), [''])).toBe(false);
	});

	it('checks an endlessly nested body by its bytes', () => {
		const body = bytes('['.repeat(200_000) + ']'.repeat(200_000));
		expect(isSigned(body, sign(body, SECRET), [SECRET])).toBe(true);
		expect(isSigned(body, sign(body, 'other'), [SECRET])).toBe(false);
	});
});

/** What a body says under the signature that Cobalt's sample makes of another one. */
const readAs = (body: string, signed: unknown) =>
	new Signature(bytes(body), sign(JSON.stringify(signed), SECRET)).provenBy([SECRET])?.value;

describe('the signed content', () => {
	const event = (jobId: unknown) => ({ id: 'evt_1', job_id: jobId, data: { n: 1 } });

	it.each([
		['null', '1e999'],
		['null', '-1e999'],
		['null', '-9e99999'],
		['0', '-0'],
		['0', '0.0e5'],
		['0', '1e-999'],
		['12345678901234567000', '12345678901234567890'],
		['"\\ud800"', '"\\uD800"'],
		['"\ufffd"', '"\ufffd"'],
		['{"__proto__":{"id":"x"}}', '{"__proto__":1,"__proto__":{"id":"x"}}'],
		['{"toJSON":"x"}', '{"toJSON":"x"}'],
		['{"1":1,"2":2}', '{"2":2,"1":1}'],
	])('reads only what was signed: %s, where it was replaced by %s', (signed, sent) => {
		const original: unknown = JSON.parse(JSON.stringify(event(JSON.parse(signed))));
		const body = JSON.stringify(event(0)).replace('0', sent);
		expect(readAs(body, original)).toEqual(parseJson(JSON.stringify(original)));
	});

	it('reads only what was signed, whatever replaces a part of it', () => {
		fc.assert(
			fc.property(
				fc.json(),
				fc.constantFrom('null', '0', '1', '""', ' ', '{}', '"a":'),
				fc.constantFrom('1e999', '-0', '0e1', '1.0', ' null ', '"\\u0000"', '"a":1,"a":', '\ufeff'),
				(text, part, replacement) => {
					const original: unknown = JSON.parse(text);
					const body = text.replace(part, replacement);
					const read = readAs(body, original);
					if (read !== undefined) expect(read).toEqual(parseJson(JSON.stringify(original)));
				},
			),
			{ numRuns: 2_000 },
		);
	});

	it('accepts a signature with and without a byte order mark', () => {
		expect(readAs(`\ufeff${BODY}`, JSON.parse(BODY))).toEqual(JSON.parse(BODY));
		const marked = bytes(`\ufeff${BODY}`);
		expect(new Signature(marked, sign(marked, SECRET)).provenBy([SECRET])).toEqual({
			secret: SECRET,
			value: JSON.parse(BODY) as unknown,
		});
	});

	it('reads nothing from signed bytes that are no JSON', () => {
		for (const body of [bytes('{"a":'), Buffer.from('{}', 'utf16le'), bytes('\ufeff\ufeff{}')]) {
			expect(new Signature(body, sign(body, SECRET)).provenBy([SECRET])).toEqual({
				secret: SECRET,
				value: undefined,
			});
		}
	});
});

describe('a signature header', () => {
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
	])('refuses a header that is no signature: %j', (header) => {
		expect(isSigned(bytes(BODY), header, [SECRET])).toBe(false);
	});

	it('withstands a header of any kind', () => {
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
