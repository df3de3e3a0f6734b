/** Milliseconds between two times that Cobalt is asked for a secret, so that forged calls are no load. */
const PAUSE_MS = 60_000;

/** The one in use, and those before it: after a rotation, the old one stays valid for 24 hours. */
const MOST = 3;

/** The secrets with which Cobalt may sign deliveries to one trigger, as this process knows them. */
export class Secrets {
	private known: string[] = [];

	private askedAt = -Infinity;

	private asking?: Promise<void>;

	get all(): readonly string[] {
		return this.known;
	}

	/** The newest first. */
	add(secret: string): void {
		this.known = [secret, ...this.known.filter((other) => other !== secret)].slice(0, MOST);
	}

	/**
	 * Asks Cobalt for the secret, unless that was done a moment ago. Those who come together are told
	 * together.
	 *
	 * @param ask gives undefined when Cobalt does not tell
	 */
	async refresh(now: number, ask: () => Promise<string | undefined>): Promise<void> {
		if (this.asking === undefined && now - this.askedAt >= PAUSE_MS) {
			this.askedAt = now;
			this.asking = ask()
				.then((secret) => {
					if (secret !== undefined) this.add(secret);
				})
				.finally(() => {
					this.asking = undefined;
				});
		}
		await this.asking;
	}
}
