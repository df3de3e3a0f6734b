import { callOf, type Chance, type Forgery, type Original } from './call.mts';

type Rewrite = (original: Original) => string | Buffer;

const FIELDS = ['id', 'type', 'created', 'object', 'data', 'access_token_reference_id'];

const VALUES = [null, true, 0, '', 'patient.updated', 'x'.repeat(50), [], {}, [[{}]], -1, 1e21];

function flipped(bytes: Buffer, chance: Chance, count: number): Buffer {
	const copy = Buffer.from(bytes);
	for (let flip = 0; flip < count; flip += 1) {
		const at = chance.below(copy.length);
		copy[at] = (copy[at] ?? 0) ^ (1 << chance.below(8));
	}
	return copy;
}

function shuffled<T>(list: T[], chance: Chance): T[] {
	const rest = [...list];
	return list.flatMap(() => rest.splice(chance.below(rest.length), 1));
}

/** The text with something put in at a place that is within no string. */
function spaced({ text, chance }: Original): string {
	const space = chance.pick([' ', '\n', '\t\t', '\r\n  ']);
	return text.replaceAll(/^\{|\}$/g, (brace) => `${space}${brace}${space}`);
}

const asText = (value: unknown): string => JSON.stringify(value);

/** What is done to the body, with the signature left as it was. */
export const REWRITES: Record<string, Rewrite> = {
	'one bit': ({ text, chance }) => flipped(Buffer.from(text), chance, 1),
	'some bits': ({ text, chance }) => flipped(Buffer.from(text), chance, 2 + chance.below(20)),
	'field changed': ({ event, chance }) =>
		asText({ ...event, [chance.pick(FIELDS)]: chance.pick(VALUES) }),
	'inner field changed': ({ event, chance }) =>
		asText({ ...event, data: { ...(event.data as object), mrn: String(chance.below(99_999)) } }),
	'field added': ({ event, chance }) => asText({ ...event, [chance.id()]: chance.pick(VALUES) }),
	'other spelling added': ({ event, chance }) =>
		asText({ ...event, event_id: chance.id(), event_type: 'patient.updated' }),
	'field removed': ({ event, chance }) => asText({ ...event, [chance.pick(FIELDS)]: undefined }),
	'fields in another order': ({ event, chance }) =>
		asText(Object.fromEntries(shuffled(Object.entries(event), chance))),
	whitespace: spaced,
	indented: ({ event, chance }) => JSON.stringify(event, null, chance.pick([1, 2, '\t'])),
	'line end': ({ text }) => `${text}\n`,
	'numbers rewritten': ({ text, chance }) =>
		text.replace(/"visits":( ?)(-?[\d.]+)/, (_, space: string, digits: string) => {
			const same = [`${digits}e0`, `${digits}E+0`, `${Number(digits) / 10}e1`];
			return `"visits":${space}${chance.pick([...same, `${digits}0`, '-0', '1e999'])}`;
		}),
	'unicode escapes': ({ text, chance }) => {
		const letter = chance.pick(['e', 'a', 'p', '5']);
		const code = letter.charCodeAt(0).toString(16).padStart(4, '0');
		return text.replaceAll(letter, (found, at: number) =>
			/(true|false|null|[-\d.]+)[,\n} \]]*$/.test(text.slice(at - 5, at + 1)) && at % 2
				? found
				: `\\u${code}`,
		);
	},
	'escaped slash and surrogates': ({ text }) =>
		text.replaceAll('a', '\\u0061').replace('😀', '\\ud83d\\ude00'),
	'key twice, ours last': ({ text, chance }) =>
		text.replace('{', `{"type":${asText(chance.pick(VALUES))},`),
	'key twice, theirs last': ({ text, chance }) =>
		text.replace(/\}$/, `,"${chance.pick(FIELDS)}":${asText(chance.pick(VALUES))}}`),
	__proto__: ({ text, chance }) =>
		text.replace('{', `{"${chance.pick(['__proto__', 'constructor', 'toJSON'])}":{"type":"x"},`),
	'inner __proto__': ({ text }) => text.replace(/"data": ?\{/, '$&"__proto__":{"id":"x"},'),
	'in a list': ({ text }) => `[${text}]`,
	'in an envelope': ({ text, chance }) => `{"${chance.pick(['data', 'event', 'body'])}":${text}}`,
	primitive: ({ chance }) => chance.pick(['null', '0', 'true', '""', '"{}"', '[]', '{}', '1e5']),
	'as a string': ({ text }) => asText(text),
	empty: () => '',
	blank: ({ chance }) => ' '.repeat(chance.below(100)),
	'long value': ({ event, chance }) => asText({ ...event, x: 'y'.repeat(chance.below(200_000)) }),
	'many fields': ({ event, chance }) =>
		asText({ ...event, x: Array.from({ length: chance.below(3_000) }, (_, at) => ({ at })) }),
	'deep lists': ({ chance }) => '['.repeat(1_000 + chance.below(30_000)),
	'deep, and closed': ({ text, chance }) => {
		const depth = 100 + chance.below(20_000);
		return text.replace(/\}$/, `,"x":${'['.repeat(depth)}${']'.repeat(depth)}}`);
	},
	'cut off': ({ text, chance }) => text.slice(0, chance.below(text.length)),
	'no JSON': ({ text, chance }) =>
		chance.pick([
			`(${text})`,
			`${text};`,
			`//\n${text}`,
			'<a/>',
			'a=b&c=d',
			text.replace('}', ',}'),
		]),
	'invalid UTF-8': ({ text, chance }) => {
		const bytes = Buffer.from(text);
		bytes[chance.below(bytes.length)] = chance.pick([0x80, 0xc0, 0xff, 0xfe, 0xed]);
		return bytes;
	},
	'replacement character': ({ text }) => text.replace('Ada', 'A\ufffda'),
	twice: ({ text }) => text + text,
	'NUL at the end': ({ text, chance }) => text + '\0'.repeat(1 + chance.below(3)),
	'byte order mark': ({ text }) => `\ufeff${text}`,
	'UTF-16': ({ text }) => Buffer.from(text, 'utf16le'),
	'Latin 1': ({ text }) => Buffer.from(text, 'latin1'),
	'another event': ({ event, chance }) => asText({ ...event, id: chance.id() }),
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
		const type = original.chance.pick(TYPES);
		const headers = { 'content-type': type };
		return callOf(`body: ${name}, as ${type}`, original, { body: rewrite(original), headers });
	},
]);

export const types: readonly string[] = TYPES;
