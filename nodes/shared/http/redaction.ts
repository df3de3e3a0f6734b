import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { isObject } from '../json';
import { onlyVisible } from '../visibleText';

/** `accessTokens` are those of all clinics, where the credential has several. */
const KEY_NAMES = [
	'clientId',
	'clientSecret',
	'accessToken',
	'accessTokens',
	'webhookSecret',
] as const;

const MASK = '***';

/** Characters. No real key is shorter, and a shorter one would be found in any text. */
const MIN_KEY_LENGTH = 4;

/**
 * Secrets that are in no credential: Link tokens, webhook secrets and client secrets by their prefix, and public
 * tokens, which have none, by the name in front of them (`?token=…`, `"public_token":"…"`).
 */
const SECRET_SHAPES: readonly string[] = [
	String.raw`(?<![a-z\d])(?:lt|whsec|cs_live|cs_test)_(?=[a-z+/_=-]*\d)[\w+/=-]{6,}`,
	String.raw`(?<=(?:token|secret|secret_key)[\\"']{0,3}\s{0,3}[:=]\s{0,3}[\\"']{0,3})(?=[a-z+/_=.%-]*\d)[\w+/=.%-]{8,}`,
];

/**
 * Masks the keys of one credential, and whatever looks like a secret of Cobalt's, in a text, or in all texts of a
 * value, however deeply nested.
 */
export type Redact = <Value>(value: Value) => Value;

/**
 * Cobalt, an EHR or a gateway may repeat a key in a message; an error of this node must not. Keys of the credential
 * are found regardless of case, and also as they are written in URLs, in JSON and in base64.
 */
export function createRedact(credential: ICredentialDataDecryptedObject): Redact {
	let keys: RegExp | undefined;
	const mask = (text: string): string => text.replace((keys ??= patternOf(credential)), MASK);
	const redact = (value: unknown): unknown => {
		if (typeof value === 'string') return mask(value);
		if (Array.isArray(value)) return value.map(redact);
		if (!isObject(value)) return value;
		return Object.fromEntries(
			Object.entries(value).map(([name, inner]) => [mask(name), redact(inner)]),
		);
	};
	return (value) => redact(value) as typeof value;
}

/** Finds all forms of all keys of a credential, and other secrets. */
function patternOf(credential: ICredentialDataDecryptedObject): RegExp {
	const forms = KEY_NAMES.flatMap((name) => credential[name])
		.filter((key) => typeof key === 'string')
		.map(onlyVisible)
		.filter((key) => key.length >= MIN_KEY_LENGTH)
		.flatMap(formsOf);
	// The longest first: one key may be the beginning of another.
	const keys = [...new Set(forms)].sort((one, other) => other.length - one.length);
	return new RegExp([...keys.map(escapeForRegExp), ...SECRET_SHAPES].join('|'), 'gi');
}

function formsOf(key: string): string[] {
	const json = JSON.stringify(key).slice(1, -1);
	return [
		key,
		encodeURIComponent(key),
		new URLSearchParams({ key }).toString().slice('key='.length),
		json,
		json.replaceAll('/', '\\/'),
		...[0, 1, 2].flatMap((bytesBefore) => inBase64(key, bytesBefore)),
	];
}

/**
 * How a key appears inside a base64 text (RFC 4648). Three bytes make four characters, so it depends on the
 * number of bytes before it. Characters that also encode other bytes are left out.
 */
function inBase64(key: string, bytesBefore: number): string[] {
	const bytes = Buffer.concat([Buffer.alloc(bytesBefore), Buffer.from(key)]);
	const [from, to] = [Math.ceil((bytesBefore * 8) / 6), Math.floor((bytes.length * 8) / 6)];
	const base64 = bytes.toString('base64').slice(from, to);
	return [base64, base64.replaceAll('+', '-').replaceAll('/', '_')];
}

const escapeForRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
