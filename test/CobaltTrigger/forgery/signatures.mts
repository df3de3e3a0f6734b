import { createHash, createHmac } from 'node:crypto';

import { REWRITES } from './bodies.mts';
import { callOf, type Forgery, type Original } from './call.mts';
import { hmac } from './oracle.mts';

type Signature = (original: Original) => string | string[];

const SIGNATURES: Record<string, Signature> = {
	missing: () => [],
	empty: () => '',
	'cut off': ({ signature, chance }) => signature.slice(0, chance.below(64)),
	'front cut off': ({ signature, chance }) => signature.slice(1 + chance.below(63)),
	longer: ({ signature, chance }) => signature + chance.id().slice(0, 1 + chance.below(30)),
	'longer in front': ({ signature }) => `00${signature}`,
	'twice in one': ({ signature }) => signature + signature,
	'upper case': ({ signature }) => signature.toUpperCase(),
	'mixed case': ({ signature, chance }) =>
		signature.replaceAll(/[a-f]/g, (digit) => (chance.below(2) ? digit.toUpperCase() : digit)),
	base64: ({ signature }) => Buffer.from(signature, 'hex').toString('base64'),
	base64url: ({ signature }) => Buffer.from(signature, 'hex').toString('base64url'),
	'base64 of the digits': ({ signature }) => Buffer.from(signature).toString('base64'),
	'another algorithm': ({ text, keys, chance }) =>
		createHmac(chance.pick(['sha1', 'sha512', 'md5', 'sha384', 'sha3-256']), keys.right)
			.update(text)
			.digest('hex'),
	'no key': ({ text }) => createHash('sha256').update(text).digest('hex'),
	'key put in front': ({ text, keys }) =>
		createHash('sha256')
			.update(keys.right + text)
			.digest('hex'),
	prefix: ({ signature, chance }) =>
		chance.pick(['sha256=', 'v1=', 'v1,', 't=1,v1=', 'hmac ', '0x', '\\x']) + signature,
	'several headers': ({ signature, chance }) =>
		chance.pick([
			[signature, signature],
			['0'.repeat(64), signature],
			[signature, ''],
		]),
	'in a list': ({ signature }) => `${signature},${signature}`,
	'of another body': ({ text, keys }) => hmac(`${text} `, keys.right),
	'of the empty body': ({ keys }) => hmac('', keys.right),
	'with a wrong key': ({ text, keys, chance }) => hmac(text, chance.pick(keys.wrong)),
	'with a guessed key': ({ text, chance }) => hmac(text, `whsec_${chance.id()}`),
	'with an empty key': ({ text }) => hmac(text, ''),
	'with a word for nothing': ({ text, chance }) =>
		hmac(text, chance.pick(['undefined', 'null', 'false', '0', '[object Object]', ' ', '***'])),
	'with a part of the key': ({ text, keys, chance }) =>
		hmac(text, chance.pick([keys.right.slice(6), keys.right.slice(0, -1), 'whsec_'])),
	'with more than the key': ({ text, keys, chance }) =>
		hmac(text, keys.right + chance.pick(['\n', ' ', '\0 ', 'x'])),
	'with what the key decodes to': ({ text, keys, chance }) =>
		hmac(text, Buffer.from(keys.right.slice(6), chance.pick(['hex', 'base64'] as const))),
	'key and message exchanged': ({ text, keys }) => hmac(keys.right, text),
	'with the id as the key': ({ text, event }) => hmac(text, String(event.id)),
	'of the time too': ({ text, keys, event }) =>
		hmac(`${String(event.created)}.${text}`, keys.right),
	'of the id too': ({ text, keys, event }) => hmac(`${String(event.id)}.${text}`, keys.right),
	'one digit': ({ signature, chance }) => withOtherDigit(signature, chance.below(64)),
	'last digit': ({ signature }) => withOtherDigit(signature, 63),
	'first digit': ({ signature }) => withOtherDigit(signature, 0),
	'only the beginning right': ({ signature, chance }) => {
		const kept = 1 + chance.below(62);
		return signature.slice(0, kept) + opposite(signature.slice(kept));
	},
	'only the end right': ({ signature, chance }) => {
		const lost = 1 + chance.below(62);
		return opposite(signature.slice(0, lost)) + signature.slice(lost);
	},
	'all alike': ({ chance }) => chance.pick(['0', 'f', 'F', 'a']).repeat(64),
	'no digits': ({ chance }) => chance.pick(['g', '-', '%00', 'é']).repeat(64).slice(0, 64),
	'the key itself': ({ keys }) => keys.right,
	'a word': ({ chance }) => chance.pick(['true', 'null', '[object Object]', '*', '{}', 'none']),
	'blanks around': ({ signature }) => `  ${signature}\t `,
	'blank within': ({ signature }) => `${signature.slice(0, 32)} ${signature.slice(32)}`,
	'very long': ({ signature, chance }) => signature.repeat(2 + chance.below(100)),
};

const opposite = (digits: string): string =>
	digits.replaceAll(/./g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16));

function withOtherDigit(signature: string, at: number): string {
	return signature.slice(0, at) + opposite(signature.charAt(at)) + signature.slice(at + 1);
}

const asSignature = (signature: string | string[]) => ({ 'cobalt-verification': signature });

const changed: Forgery[] = Object.entries(SIGNATURES).map(
	([name, make]) =>
		(original) =>
			callOf(`signature: ${name}`, original, { headers: asSignature(make(original)) }),
);

/** A body of one's own, signed with whatever a forger has. */
const ownBody: Forgery = (original) => {
	const { chance, keys } = original;
	const [name, rewrite] = chance.pick(Object.entries(REWRITES));
	const body = rewrite(original);
	const key = chance.pick([...keys.wrong, '', chance.id()]);
	const headers = asSignature(hmac(Buffer.from(body), key));
	return callOf(`own key, body: ${name}`, original, { body, headers });
};

/** Not forged at all: whatever Cobalt may come to send, it has signed. */
const ownKey: Forgery = (original) => {
	const [name, rewrite] = original.chance.pick(Object.entries(REWRITES));
	const body = rewrite(original);
	const headers = asSignature(hmac(Buffer.from(body), original.keys.right));
	return callOf(`right key, body: ${name}`, original, { body, headers });
};

/** Under a name that is not Cobalt's. */
const otherName: Forgery = (original) => {
	const { chance, signature } = original;
	const name = chance.pick([
		'x-cobalt-verification',
		'cobalt_verification',
		'signature',
		'authorization',
	]);
	return callOf(`signature under ${name}`, original, {
		headers: { 'cobalt-verification': [], [name]: signature },
	});
};

/** Forgeries by what they do to the signature. */
export const signatures: Forgery[] = [
	...changed,
	ownBody,
	ownBody,
	ownBody,
	ownKey,
	ownKey,
	otherName,
];
