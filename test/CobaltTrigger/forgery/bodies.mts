import type { Rng } from '../../random/rng.mts';
import { callOf, type Forgery, type Original } from './call.mts';

type Rewrite = (original: Original) => string | Buffer;

const FIELDS = ['id', 'type', 'created', 'object', 'data', 'access_token_reference_id'];

const VALUES = [null, true, 0, '', 'patient.updated', 'x'.repeat(50), [], {}, [[{}]], -1, 1e21];

function flipped(bytes: Buffer, rng: Rng, count: number): Buffer {
	const copy = Buffer.from(bytes);
	for (let flip = 0; flip < count; flip += 1) {
		const at = rng.below(copy.length);
		copy[at] = (copy[at] ?? 0) ^ (1 << rng.below(8));
	}
	return copy;
}

function shuffled<T>(list: T[], rng: Rng): T[] {
	const rest = [...list];
	return list.flatMap(() => rest.splice(rng.below(rest.length), 1));
}

/** The text with something put in at a place that is within no string. */
function spaced({ text, rng }: Original): string {
	const space = rng.pick([' ', '\n', '\t\t', '\r\n  ']);
	return text.replaceAll(/^\{|\}$/g, (brace) => `${space}${brace}${space}`);
}

const asText = (value: unknown): string => JSON.stringify(value);

/** What is done to the body, with the signature left as it was. */
export const REWRITES: Record<string, Rewrite> = {
	'one bit': ({ text, rng }) => flipped(Buffer.from(text), rng, 1),
	'some bits': ({ text, rng }) => flipped(Buffer.from(text), rng, 2 + rng.below(20)),
	'field changed': ({ event, rng }) => asText({ ...event, [rng.pick(FIELDS)]: rng.pick(VALUES) }),
	'inner field changed': ({ event, rng }) =>
		asText({ ...event, data: { ...(event.data as object), mrn: String(rng.below(99_999)) } }),
	'field added': ({ event, rng }) => asText({ ...event, [rng.id()]: rng.pick(VALUES) }),
	'other spelling added': ({ event, rng }) =>
		asText({ ...event, event_id: rng.id(), event_type: 'patient.updated' }),
	'field removed': ({ event, rng }) => asText({ ...event, [rng.pick(FIELDS)]: undefined }),
	'fields in another order': ({ event, rng }) =>
		asText(Object.fromEntries(shuffled(Object.entries(event), rng))),
	whitespace: spaced,
	indented: ({ event, rng }) => JSON.stringify(event, null, rng.pick([1, 2, '\t'])),
	'line end': ({ text }) => `${text}\n`,
	'numbers rewritten': ({ text, rng }) =>
		text.replace(/"visits":( ?)(-?[\d.]+)/, (_, space: string, digits: string) => {
			const same = [`${digits}e0`, `${digits}E+0`, `${Number(digits) / 10}e1`];
			return `"visits":${space}${rng.pick([...same, `${digits}0`, '-0', '1e999'])}`;
		}),
	'unicode escapes': ({ text, rng }) => {
		const letter = rng.pick(['e', 'a', 'p', '5']);
		const code = letter.charCodeAt(0).toString(16).padStart(4, '0');
		return text.replaceAll(letter, (found, at: number) =>
			/(true|false|null|[-\d.]+)[,\n} \]]*$/.test(text.slice(at - 5, at + 1)) && at % 2
				? found
				: `\\u${code}`,
		);
	},
	'escaped slash and surrogates': ({ text }) =>
		text.replaceAll('a', '\\u0061').replace('😀', '\\ud83d\\ude00'),
	'key twice, ours last': ({ text, rng }) =>
		text.replace('{', `{"type":${asText(rng.pick(VALUES))},`),
	'key twice, theirs last': ({ text, rng }) =>
		text.replace(/\}$/, `,"${rng.pick(FIELDS)}":${asText(rng.pick(VALUES))}}`),
	__proto__: ({ text, rng }) =>
		text.replace('{', `{"${rng.pick(['__proto__', 'constructor', 'toJSON'])}":{"type":"x"},`),
	'inner __proto__': ({ text }) => text.replace(/"data": ?\{/, '$&"__proto__":{"id":"x"},'),
	'in a list': ({ text }) => `[${text}]`,
	'in an envelope': ({ text, rng }) => `{"${rng.pick(['data', 'event', 'body'])}":${text}}`,
	primitive: ({ rng }) => rng.pick(['null', '0', 'true', '""', '"{}"', '[]', '{}', '1e5']),
	'as a string': ({ text }) => asText(text),
	empty: () => '',
	blank: ({ rng }) => ' '.repeat(rng.below(100)),
	'long value': ({ event, rng }) => asText({ ...event, x: 'y'.repeat(rng.below(200_000)) }),
	'many fields': ({ event, rng }) =>
		asText({ ...event, x: Array.from({ length: rng.below(3_000) }, (_, at) => ({ at })) }),
	'deep lists': ({ rng }) => '['.repeat(1_000 + rng.below(30_000)),
	'deep, and closed': ({ text, rng }) => {
		const depth = 100 + rng.below(20_000);
		return text.replace(/\}$/, `,"x":${'['.repeat(depth)}${']'.repeat(depth)}}`);
	},
	'cut off': ({ text, rng }) => text.slice(0, rng.below(text.length)),
	'no JSON': ({ text, rng }) =>
		rng.pick([`(${text})`, `${text};`, `//\n${text}`, '<a/>', 'a=b&c=d', text.replace('}', ',}')]),
	'invalid UTF-8': ({ text, rng }) => {
		const bytes = Buffer.from(text);
		bytes[rng.below(bytes.length)] = rng.pick([0x80, 0xc0, 0xff, 0xfe, 0xed]);
		return bytes;
	},
	'replacement character': ({ text }) => text.replace('Ada', 'A\ufffda'),
	twice: ({ text }) => text + text,
	'NUL at the end': ({ text, rng }) => text + '\0'.repeat(1 + rng.below(3)),
	'byte order mark': ({ text }) => `\ufeff${text}`,
	'UTF-16': ({ text }) => Buffer.from(text, 'utf16le'),
	'Latin 1': ({ text }) => Buffer.from(text, 'latin1'),
	'another event': ({ event, rng }) => asText({ ...event, id: rng.id() }),
	'another composition of letters': ({ text }) => text.normalize('NFD'),
};

const TYPES = [
	'application/json',
	'application/json; charset=utf-16le',
	'application/json; charset=latin1',
	'text/plain',
	'application/x-www-form-urlencoded',
	'application/xml',
	'application/octet-stream',
	'multipart/form-data; boundary=x',
	'application/vnd.api+json',
	'nonsense',
];

/** Forgeries by what they do to the body. */
export const bodies: Forgery[] = Object.entries(REWRITES).flatMap(([name, rewrite]) => [
	(original) => callOf(`body: ${name}`, original, { body: rewrite(original) }),
	(original) => {
		const type = original.rng.pick(TYPES);
		const headers = { 'content-type': type };
		return callOf(`body: ${name}, as ${type}`, original, { body: rewrite(original), headers });
	},
]);

export const types: readonly string[] = TYPES;
