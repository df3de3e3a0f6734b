import { Rng } from '../../random/rng.mts';
import { hmac } from './oracle.mts';

/** One HTTP call of the webhook. */
export interface Call {
	/** What was done to a right delivery. */
	name: string;
	method: string;
	/** After the webhook's URL. */
	suffix: string;
	headers: Record<string, string | string[]>;
	/** The bytes on the wire. */
	wire: Buffer;
	/** What is in them once their content coding is undone. Undefined where it cannot be undone. */
	content: Buffer | undefined;
}

/** What a forger may know, and what only Cobalt and the node know. */
export interface Keys {
	right: string;
	/** The texts that somebody could take for the key: of the credential, and of n8n's static data. */
	wrong: string[];
}

/** A delivery as Cobalt makes it, and the generator that decides how it is changed. */
export interface Original {
	event: Record<string, unknown>;
	text: string;
	signature: string;
	keys: Keys;
	rng: Rng;
}

/** Every number has an event of its own, so that each call can be played again alone. */
export function originalOf(seed: number, number: number, keys: Keys): Original {
	const rng = new Rng(seed, `call ${number}`);
	const event = {
		id: `event-${seed}-${number}`,
		access_token_reference_id: rng.pick(['clinic-1', 'Klinik Süd', null]),
		object: 'event',
		created: '2025-03-10T15:00:00.000Z',
		type: 'patient.updated',
		data: {
			mrn: '44235',
			patient_name: rng.pick(['Ada Byron', 'Zoë 林', 'O"Neil \\ \u2028 😀']),
			visits: rng.pick([0, 7, 100, 1.5, -3]),
			updated_fields: { phone: '555-0100', tags: ['a', 'b'], active: true },
		},
	};
	// Both ways that the documents leave open: the bytes that are sent, or what a parser makes of them.
	const compact = JSON.stringify(event);
	const text = rng.below(3) === 0 ? JSON.stringify(event, null, 2) : compact;
	const signed = rng.below(2) === 0 ? compact : text;
	return { event, text, signature: hmac(signed, keys.right), keys, rng };
}

/** The delivery as it should be, but for what is given. */
export function callOf(
	name: string,
	{ event, text, signature }: Original,
	changes: { body?: string | Buffer } & Partial<Omit<Call, 'name' | 'content'>> & {
			content?: Buffer | null;
		} = {},
): Call {
	const { body = text, headers = {}, method = 'POST', suffix = '' } = changes;
	const bytes = Buffer.from(body);
	const given = changes.content === undefined ? bytes : (changes.content ?? undefined);
	const all: Call['headers'] = {
		'content-type': 'application/json',
		'cobalt-verification': signature,
		'webhook-id': String(event.id),
		'webhook-timestamp': String(event.created),
		'webhook-attempt': '1',
		...headers,
	};
	// An empty list stands for a header that is not sent.
	const sent = Object.entries(all).filter(([, value]) => !Array.isArray(value) || value.length > 0);
	return {
		name,
		method,
		suffix,
		headers: Object.fromEntries(sent),
		wire: changes.wire ?? bytes,
		content: given,
	};
}

export type Forgery = (original: Original) => Call;
