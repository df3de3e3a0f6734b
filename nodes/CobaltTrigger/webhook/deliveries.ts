/** How many deliveries are remembered. */
const MAX_DELIVERIES = 10_000;

/** The events for which a webhook has started a run in this process, by their dedupe keys. */
export class Deliveries {
	private readonly keys = new Set<string>();

	private account?: string;

	/** Forgets the deliveries of another account. */
	openFor(account: string): void {
		if (this.account !== account) this.keys.clear();
		this.account = account;
	}

	has(key: string): boolean {
		return this.keys.has(key);
	}

	add(key: string): void {
		this.keys.add(key);
		const [oldest] = this.keys;
		if (this.keys.size > MAX_DELIVERIES && oldest !== undefined) this.keys.delete(oldest);
	}

	/** Forgets an event whose run n8n could not start: Cobalt sends it again. */
	forget(key: string): void {
		this.keys.delete(key);
	}
}
