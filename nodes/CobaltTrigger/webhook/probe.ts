import { createHmac, randomBytes } from 'node:crypto';

const HEADER = 'cobalt-probe';

const NONCE = /^[0-9a-f]{64}$/;

/**
 * Shows whether an address leads to this n8n, before anything is sent there that is nobody else's business:
 * who is called has to answer with what only this process can know. Its key is used for nothing else, so
 * that no answer can be taken for the signature of a delivery.
 */
export class Probe {
	private readonly key = randomBytes(32);

	private readonly nonce = randomBytes(32).toString('hex');

	/** What a probe has in it: the number to be answered, and nothing else. */
	get headers(): Record<string, string> {
		return { [HEADER]: this.nonce };
	}

	/** @param answer whatever came back */
	isAnsweredBy(answer: unknown): boolean {
		return JSON.stringify(answer) === JSON.stringify(this.answerTo(this.headers));
	}

	/**
	 * @param headers of a call of the webhook
	 * @returns undefined for a call that is no probe
	 */
	answerTo(headers: object): { proof: string } | undefined {
		const nonce: unknown = new Map(Object.entries(headers)).get(HEADER);
		if (typeof nonce !== 'string' || !NONCE.test(nonce)) return undefined;
		return { proof: createHmac('sha256', this.key).update(nonce).digest('hex') };
	}
}
