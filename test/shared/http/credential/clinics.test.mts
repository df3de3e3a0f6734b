import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseClinics } from '../../../../nodes/shared/http/credential/clinics.js';

const read = (value: unknown) =>
	parseClinics(value).map(({ reference, accessToken }) => [reference, accessToken]);

const RIVERSIDE = ['riverside', '493FAKE89789hLKH'];
const LAKESIDE = ['lakeside', '494FAKE-_.~+/=='];

const BOTH = [RIVERSIDE, LAKESIDE];

describe('parseClinics', () => {
	it.each<[string, unknown]>([
		['a line for each', 'riverside: 493FAKE89789hLKH\nlakeside: 494FAKE-_.~+/=='],
		['lines of Windows', 'riverside: 493FAKE89789hLKH\r\nlakeside: 494FAKE-_.~+/==\r\n'],
		['lines with gaps', '\n\n riverside :493FAKE89789hLKH \n\n\tlakeside:\t494FAKE-_.~+/==\n'],
		[
			'lines with invisible characters',
			'\ufeffriverside:\u200b 493FAKE\u00ad89789hLKH\nlakeside: 494FAKE-_.~+/==',
		],
		['JSON', '{"riverside": "493FAKE89789hLKH", "lakeside": "494FAKE-_.~+/=="}'],
		['JSON in lines', '{\n"riverside": "493FAKE89789hLKH",\n"lakeside": "494FAKE-_.~+\\/==",\n}'],
		['an object', { riverside: '493FAKE89789hLKH', lakeside: '494FAKE-_.~+/==' }],
	])('reads the clinics from %s', (_, value) => {
		expect(read(value)).toEqual(BOTH);
	});

	it('reads any name of a clinic from JSON', () => {
		expect(
			read(String.raw`{"a:b": "t0k1", "Klinik \"Süd\"": "t0k2"}`.replaceAll('\\"', "'")),
		).toEqual([
			['a:b', 't0k1'],
			["Klinik 'Süd'", 't0k2'],
		]);
	});

	it('reads all clinics from JSON in their order', () => {
		const token = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.~+/=-]{8,40}$/);
		const name = fc.stringMatching(/^[a-z][a-z0-9_ :.-]{0,20}[a-z]$/);
		const clinics = fc.tuple(
			fc.uniqueArray(name, { minLength: 1, maxLength: 60 }),
			fc.uniqueArray(token, { minLength: 60, maxLength: 60 }),
		);
		fc.assert(
			fc.property(clinics, ([names, tokens]) => {
				const entries = names.map((one, index) => [one, tokens[index] ?? '']);
				expect(read(JSON.stringify(Object.fromEntries(entries)))).toEqual(entries);
			}),
		);
	});

	it('accepts 200 clinics, and no more', () => {
		const lines = (count: number) =>
			Array.from({ length: count }, (_, index) => `c${index}: token-${index}`).join('\n');
		expect(read(lines(200))).toHaveLength(200);
		expect(() => read(lines(201))).toThrow("'Clinics' in the Cobalt credential has more than 200");
	});
});

const TOKEN = '493FAKE89789hLKH';

describe('an invalid list of clinics', () => {
	it.each<[unknown, string]>([
		[undefined, 'is empty'],
		[null, 'is empty'],
		['', 'is empty'],
		[' \n \u200b\n', 'is empty'],
		['{}', 'is empty'],
		[{}, 'is empty'],
		[42, 'is not text'],
		[[TOKEN], 'is not text'],
		['={{ $json.clinics }}', 'is an expression that n8n did not resolve'],
		[`a: ${TOKEN}\n{{ $vars.b }}`, 'is an expression that n8n did not resolve'],
		[TOKEN, 'has no colon in line 1'],
		[`a: t0k1\n\n${TOKEN}`, 'has no colon in line 3'],
		[`a: t0k1b: ${TOKEN}`, 'has more than one colon in line 1'],
		[`a: t0k1 b: ${TOKEN}`, 'has more than one colon in line 1'],
		[`: ${TOKEN}`, 'has no reference ID in line 1'],
		['a: t0k1\nb:', 'has no access token in line 2'],
		['a: t0k1\nb: \u200b', 'has no access token in line 2'],
		[`a: "${TOKEN}"`, 'has no valid access token in line 1'],
		[`a: “${TOKEN}”`, 'has no valid access token in line 1'],
		[`a: '${TOKEN}'`, 'has no valid access token in line 1'],
		[`a: ${TOKEN},`, 'has no valid access token in line 1'],
		[`a: ${TOKEN} x`, 'has no valid access token in line 1'],
		['a: undefined', 'has no valid access token in line 1'],
		['a: null', 'has no valid access token in line 1'],
		['a: [object Object]', 'has no valid access token in line 1'],
		[`"a": ${TOKEN}`, 'has no valid reference ID in line 1'],
		[`a: ${TOKEN}\nb: t0k1\na : t0k2`, 'has the same reference ID in line 1 and line 3'],
		[`a: ${TOKEN}\nb: t0k1\nc: ${TOKEN}`, 'has the same access token in line 1 and line 3'],
		[`{"a": "${TOKEN}"`, 'begins like JSON, but does not end with }'],
		[`{"a": "${TOKEN}" "b": "c"}`, 'is not valid JSON in entry 1'],
		[`{"a": "t0k1", "b": ["${TOKEN}"]}`, 'is not valid JSON in entry 2'],
		[`{"a": "t0k1", ${TOKEN}}`, 'is not valid JSON in entry 2'],
		[`{"a": "t0k1",, "b": "${TOKEN}"}`, 'is not valid JSON in entry 2'],
		[`{“a”: “${TOKEN}”}`, 'is not valid JSON in entry 1'],
		[String.raw`{"a\x": "t0k1"}`, 'is not valid JSON in entry 1'],
		[`{"a": "t0k1", "a": "${TOKEN}"}`, 'has the same reference ID in entry 1 and entry 2'],
		[`{"a": "${TOKEN}", "b": "${TOKEN}"}`, 'has the same access token in entry 1 and entry 2'],
		[{ a: 't0k1', b: 4711 }, 'has no text as access token in entry 2'],
	])('refuses %j: %s', (value, finding) => {
		const text = refusalOf(value);
		expect(text).toContain(`'Clinics' in the Cobalt credential ${finding}`);
		expect(text).not.toContain(TOKEN);
	});

	it('does not repeat a refused list, even if names and tokens are swapped', () => {
		for (const value of [`${TOKEN}: a\n${TOKEN}: b`, `{"${TOKEN}": "a b"}`, `${TOKEN}:`]) {
			expect(refusalOf(value)).toMatch(/'Clinics' .* (line|entry) 1/);
			expect(refusalOf(value)).not.toContain(TOKEN);
		}
	});
});

/** Everything that is said about it; empty if it is accepted. */
function refusalOf(value: unknown): string {
	try {
		parseClinics(value);
		return '';
	} catch (error) {
		const { message, description } = error as Error & { description: string };
		return `${message} ${description}`;
	}
}
