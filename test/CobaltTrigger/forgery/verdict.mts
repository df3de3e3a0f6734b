import { bodies } from './bodies.mts';
import { originalOf, type Call, type Forgery, type Keys } from './call.mts';
import { carriers } from './carriers.mts';
import { isRecord, isRight } from './oracle.mts';
import type { WebhookResponse } from './send.mts';
import { signatures } from './signatures.mts';

/** What must become of a call. */
export type Verdict =
	/** Cobalt has signed it. */
	| 'right'
	/** Cobalt has signed it, but it tells of nothing. */
	| 'no event'
	| 'forged'
	/** It is not for the node: n8n has another answer for it. */
	| 'lost';

/**
 * The call of this number, the same each time. Each kind comes about as often as its neighbours. A right
 * delivery costs a run: there are fewer of those.
 */
export function callNumber(seed: number, number: number, keys: Keys): Call {
	const original = originalOf(seed, number, keys);
	const kinds: readonly Forgery[] = original.rng.pick([
		bodies,
		bodies,
		bodies,
		signatures,
		signatures,
		carriers,
	]);
	return original.rng.pick(kinds)(original);
}

export function verdictOf({ method, suffix, headers, content }: Call, right: string): Verdict {
	if (method !== 'POST' || !/^(\/|\?.*)?$/.test(suffix) || content === undefined) return 'lost';
	const signature = headers['cobalt-verification'];
	// Blanks around a header's value are none of it; several headers of one name are a list.
	const sent = Array.isArray(signature) ? signature.join(', ') : signature;
	if (!isRight(content, sent?.trim(), [right])) return 'forged';
	return isRecord(content) ? 'right' : 'no event';
}

/** Whether the answer is n8n's own: it did not give the call to the node. */
export function isOfN8n({ text, status }: WebhookResponse): boolean {
	return text.startsWith('{"code":') || (text === '' && status === 404);
}

/** n8n reads what is called JSON before the node does, and takes back only what is wrong with that. */
export function mayBeOfN8n(
	{ headers }: Call,
	verdict: Verdict,
	{ status }: WebhookResponse,
): boolean {
	if (verdict === 'lost') return [404, 500].includes(status);
	return status === 422 && String(headers['content-type']).startsWith('application/json');
}

/** For the message of a failure: what brings a call back. */
export function nameOf(
	seed: number,
	number: number,
	call: Call,
	response: WebhookResponse,
): string {
	return `seed ${seed}, call ${number} (${call.name}): ${response.status} ${response.text.slice(0, 100)}`;
}
