import { Random } from '../../../tools/fake-cobalt/world/random.mts';
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

/** A delivery as Cobalt makes it, and the chance by which it is changed. */
export interface Original {
	event: Record<string, unknown>;
	text: string;
	signature: string;
	keys: Keys;
	chance: Chance;
}

/** Draws from a seeded source. */
export class Chance {
	readonly #random: Random;

	constructor(seed: number, stream: string) {
		this.#random = new Random(seed, stream);
	}

	/** From 0, below the limit. */
	below(limit: number): number {
		return Math.floor(this.#random.next() * limit);
	}

	pick<T>(list: readonly T[]): T {
		const item = list[this.below(list.length)];
		if (item === undefined) throw new Error('There is nothing to pick from');
		return item;
	}

	id(): string {
		return this.#random.id();
	}
}

/** Every number has an event of its own, so that each call can be played again alone. */
export function originalOf(seed: number, number: number, keys: Keys): Original {
	const chance = new Chance(seed, `call ${number}`);
	const event = {
		id: `event-${seed}-${number}`,
		access_token_reference_id: chance.pick(['clinic-1', 'Klinik Süd', null]),
		object: 'event',
		created: '2025-03-10T15:00:00.000Z',
		type: 'patient.updated',
		data: {
			mrn: '44235',
			patient_name: chance.pick(['Ada Byron', 'Zoë 林', 'O"Neil \\ \u2028 😀']),
			visits: chance.pick([0, 7, 100, 1.5, -3]),
			updated_fields: { phone: '555-0100', tags: ['a', 'b'], active: true },
		},
	};
	// Both ways that the documents leave open: the bytes that are sent, or what a parser makes of them.
	const compact = JSON.stringify(event);
	const text = chance.below(3) === 0 ? JSON.stringify(event, null, 2) : compact;
	const signed = chance.below(2) === 0 ? compact : text;
	return { event, text, signature: hmac(signed, keys.right), keys, chance };
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
