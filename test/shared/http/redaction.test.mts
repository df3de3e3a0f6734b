import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createRedact } from '../../../nodes/shared/http/redaction.js';

const TOKEN = 'tok/+493 JKL"IU98';
const redact = createRedact({
	clientId: ' ci_live_a1b2c3 ',
	clientSecret: 'cs_live_\u200bd4e5f6',
	accessToken: TOKEN,
	webhookSecret: 'ci_live_a1b2c3_and_more',
	baseUrl: 'https://api.usecobalt.com',
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('redact', () => {
	it.each([
		['as it is', 'Login cs_live_d4e5f6 is locked', 'Login *** is locked'],
		['without the blanks around it', 'id=ci_live_a1b2c3;', 'id=***;'],
		['in other capitals', 'CS_LIVE_D4E5F6', '***'],
		['that begins like another one', 'ci_live_a1b2c3_and_more', '***'],
		['with characters that regular expressions know', `(${TOKEN})`, '(***)'],
		['in a URL', `?t=${encodeURIComponent(TOKEN)}&x`, '?t=***&x'],
		['in a URL, in small letters', `?t=${encodeURIComponent(TOKEN).toLowerCase()}`, '?t=***'],
		['in a form', `t=${new URLSearchParams({ TOKEN }).toString().slice(6)}`, 't=***'],
		['in JSON', JSON.stringify({ token: TOKEN }), '{"token":"***"}'],
		['in JSON of another writer', '"tok\\/+493 JKL\\"IU98"', '"***"'],
		['in base64', `x ${base64('cs_live_d4e5f6')}`, /^x \*{3}.{0,4}$/],
		['in base64 of more', base64('{"s":"cs_live_d4e5f6","t":1}'), /\*{3}/],
	])('hides a key %s', (_, text, hidden) => {
		expect(redact(text)).toEqual(
			typeof hidden === 'string' ? hidden : expect.stringMatching(hidden),
		);
	});

	it('hides a key in base64, wherever it begins', () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), fc.boolean(), (before, after, isForUrls) => {
				const text = Buffer.from(`${before}cs_live_d4e5f6${after}`);
				expect(redact(text.toString(isForUrls ? 'base64url' : 'base64'))).toContain('***');
			}),
		);
	});

	it('hides a key in all texts of a value', () => {
		expect(
			redact({ a: ['cs_live_d4e5f6', 7, null, { b: 'x cs_live_d4e5f6' }], cs_live_d4e5f6: true }),
		).toEqual({ a: ['***', 7, null, { b: 'x ***' }], '***': true });
	});
});

it('hides the tokens of all clinics of a credential', () => {
	const masked = createRedact({
		accessToken: 'tok_a',
		accessTokens: ['tok_a', 'tok_bb', ' tok_c '],
	});
	expect(masked({ 'of tok_bb': ['tok_a', 'TOK_C'] })).toEqual({ 'of ***': ['***', '***'] });
});

describe('secrets that are in no credential', () => {
	it.each([
		['a Link token', 'Token lt_198908HJDKJSH98789OHKJL was used', 'Token *** was used'],
		['a Link token of the test', 'lt_0f3e9a1b2c, then', '***, then'],
		['the secret of a webhook', '"whsec_9aK+/b3cD="', '"***"'],
		['the secret of another client', 'cs_live_z9y8x7w6', '***'],
		[
			'the token in a link',
			'See https://link.usecobalt.com?token=A1b2-C3d4.E5&x=1',
			'See https://link.usecobalt.com?token=***&x=1',
		],
		['a public token in JSON', '{"public_token":"a1b2c3d4e5"}', '{"public_token":"***"}'],
		['a public token in JSON in JSON', '"{\\"public_token\\": \\"a1b2c3d4e5\\"}"', /"\*{3}/],
		['an access token of somebody else', 'access_token: 493JKLHIU98', 'access_token: ***'],
		['a secret key', 'webhook_secret_key = "9f8e7d6c5b"', 'webhook_secret_key = "***"'],
	])('hides %s', (_, text, hidden) => {
		expect(createRedact({})(text)).toEqual(
			typeof hidden === 'string' ? hidden : expect.stringMatching(hidden),
		);
	});

	it.each([
		'Invalid token: it has expired',
		'cobalt_operation1234 and default_a1b2c3d4',
		'access_token_reference_id: clinic_12345678',
		'Slot 2027-03-15T14:00 is taken by MRN 10001234',
	])('leaves %s', (text) => {
		expect(createRedact({})(text)).toBe(text);
	});
});

it('leaves all other text unchanged', () => {
	const value = { text: 'ci_live_other', n: 1, none: null, no: undefined };
	expect(redact(value)).toEqual(value);
	const withoutKeys = createRedact({ clientId: '', clientSecret: '1' });
	expect(withoutKeys('HTTP 401')).toBe('HTTP 401');
});
