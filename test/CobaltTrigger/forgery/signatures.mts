import { createHash, createHmac } from 'node:crypto';

import { REWRITES } from './bodies.mts';
import { callOf, type Forgery, type Original } from './call.mts';
import { hmac } from './oracle.mts';

type Signature = (original: Original) => string | string[];

const SIGNATURES: Record<string, Signature> = {
	missing: () => [],
	empty: () => '',
	'cut off': ({ signature, rng }) => signature.slice(0, rng.below(64)),
	'front cut off': ({ signature, rng }) => signature.slice(1 + rng.below(63)),
	longer: ({ signature, rng }) => signature + rng.id().slice(0, 1 + rng.below(30)),
	'longer in front': ({ signature }) => `00${signature}`,
	'twice in one': ({ signature }) => signature + signature,
	'upper case': ({ signature }) => signature.toUpperCase(),
	'mixed case': ({ signature, rng }) =>
		signature.replaceAll(/[a-f]/g, (digit) => (rng.below(2) ? digit.toUpperCase() : digit)),
	base64: ({ signature }) => Buffer.from(signature, 'hex').toString('base64'),
	base64url: ({ signature }) => Buffer.from(signature, 'hex').toString('base64url'),
	'base64 of the digits': ({ signature }) => Buffer.from(signature).toString('base64'),
	'another algorithm': ({ text, keys, rng }) =>
		createHmac(rng.pick(['sha1', 'sha512', 'md5', 'sha384', 'sha3-256']), keys.right)
			.update(text)
			.digest('hex'),
	'no key': ({ text }) => createHash('sha256').update(text).digest('hex'),
	'key put in front': ({ text, keys }) =>
		createHash('sha256')
			.update(keys.right + text)
			.digest('hex'),
	prefix: ({ signature, rng }) =>
		rng.pick(['sha256=', 'v1=', 'v1,', 't=1,v1=', 'hmac ', '0x', '\\x']) + signature,
	'several headers': ({ signature, rng }) =>
		rng.pick([
			[signature, signature],
			['0'.repeat(64), signature],
			[signature, ''],
		]),
	'in a list': ({ signature }) => `${signature},${signature}`,
	'of another body': ({ text, keys }) => hmac(`${text} `, keys.right),
	'of the empty body': ({ keys }) => hmac('', keys.right),
	'with a wrong key': ({ text, keys, rng }) => hmac(text, rng.pick(keys.wrong)),
	'with a guessed key': ({ text, rng }) => hmac(text, `whsec_${rng.id()}`),
	'with an empty key': ({ text }) => hmac(text, ''),
	'with a word for nothing': ({ text, rng }) =>
		hmac(text, rng.pick(['undefined', 'null', 'false', '0', '[object Object]', ' ', '***'])),
	'with a part of the key': ({ text, keys, rng }) =>
		hmac(text, rng.pick([keys.right.slice(6), keys.right.slice(0, -1), 'whsec_'])),
	'with more than the key': ({ text, keys, rng }) =>
		hmac(text, keys.right + rng.pick(['\n', ' ', '\0 ', 'x'])),
	'with what the key decodes to': ({ text, keys, rng }) =>
		hmac(text, Buffer.from(keys.right.slice(6), rng.pick(['hex', 'base64'] as const))),
	'key and message exchanged': ({ text, keys }) => hmac(keys.right, text),
	'with the id as the key': ({ text, event }) => hmac(text, String(event.id)),
	'of the time too': ({ text, keys, event }) =>
		hmac(`${String(event.created)}.${text}`, keys.right),
	'of the id too': ({ text, keys, event }) => hmac(`${String(event.id)}.${text}`, keys.right),
	'one digit': ({ signature, rng }) => withOtherDigit(signature, rng.below(64)),
	'last digit': ({ signature }) => withOtherDigit(signature, 63),
	'first digit': ({ signature }) => withOtherDigit(signature, 0),
	'only the beginning right': ({ signature, rng }) => {
		const kept = 1 + rng.below(62);
		return signature.slice(0, kept) + opposite(signature.slice(kept));
	},
	'only the end right': ({ signature, rng }) => {
		const lost = 1 + rng.below(62);
		return opposite(signature.slice(0, lost)) + signature.slice(lost);
	},
	'all alike': ({ rng }) => rng.pick(['0', 'f', 'F', 'a']).repeat(64),
	'no digits': ({ rng }) => rng.pick(['g', '-', '%00', 'é']).repeat(64).slice(0, 64),
	'the key itself': ({ keys }) => keys.right,
	'a word': ({ rng }) => rng.pick(['true', 'null', '[object Object]', '*', '{}', 'none']),
	'blanks around': ({ signature }) => `  ${signature}\t `,
	'blank within': ({ signature }) => `${signature.slice(0, 32)} ${signature.slice(32)}`,
	'very long': ({ signature, rng }) => signature.repeat(2 + rng.below(100)),
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
	const { rng, keys } = original;
	const [name, rewrite] = rng.pick(Object.entries(REWRITES));
	const body = rewrite(original);
	const key = rng.pick([...keys.wrong, '', rng.id()]);
	const headers = asSignature(hmac(Buffer.from(body), key));
	return callOf(`own key, body: ${name}`, original, { body, headers });
};

/** Not forged at all: whatever Cobalt may come to send, it has signed. */
const ownKey: Forgery = (original) => {
	const [name, rewrite] = original.rng.pick(Object.entries(REWRITES));
	const body = rewrite(original);
	const headers = asSignature(hmac(Buffer.from(body), original.keys.right));
	return callOf(`right key, body: ${name}`, original, { body, headers });
};

/** Under a name that is not Cobalt's. */
const otherName: Forgery = (original) => {
	const { rng, signature } = original;
	const name = rng.pick([
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
