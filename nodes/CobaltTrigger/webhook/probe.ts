import { createHmac, randomBytes } from 'node:crypto';

const HEADER = 'cobalt-probe';

const NONCE = /^[0-9a-f]{64}$/;

/**
 * Checks whether an address leads to this n8n before patient data is sent there: the response must prove a
 * key that only this process knows. The key is used for nothing else, so no response can pass as the
 * signature of a delivery.
 */
export class Probe {
	private readonly key = randomBytes(32);

	private readonly nonce = randomBytes(32).toString('hex');

	/** The headers of a probe, with the nonce that the response has to prove. */
	get headers(): Record<string, string> {
		return { [HEADER]: this.nonce };
	}

	/**
	 * Whether a response comes from this process.
	 *
	 * @param response of any type
	 */
	isAnsweredBy(response: unknown): boolean {
		return JSON.stringify(response) === JSON.stringify(this.responseTo(this.headers));
	}

	/**
	 * @param headers of a webhook call
	 * @returns undefined if the call is not a probe
	 */
	responseTo(headers: object): { proof: string } | undefined {
		const nonce: unknown = new Map(Object.entries(headers)).get(HEADER);
		if (typeof nonce !== 'string' || !NONCE.test(nonce)) return undefined;
		return { proof: createHmac('sha256', this.key).update(nonce).digest('hex') };
	}
}
