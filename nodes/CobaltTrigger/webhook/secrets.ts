/** Minimum milliseconds between two requests for a secret, so that forged calls cause no load. */
const PAUSE_MS = 60_000;

/** How long Cobalt keeps an old secret valid after a rotation, as documented. */
const GRACE_MS = 24 * 60 * 60_000;

/** More than are valid after a rotation. */
const MAX_SECRETS = 4;

interface Known {
	secret: string;
	/** Epoch milliseconds. */
	expiresAt: number;
}

/** The secrets with which Cobalt may sign deliveries to one trigger, as this process knows them. */
export class Secrets {
	/** The most recently learned one comes first. */
	private known: Known[] = [];

	private askedAt = -Infinity;

	private asking?: Promise<void>;

	/** The secrets that are valid at a time. */
	at(now: number): string[] {
		return this.known.filter(({ expiresAt }) => expiresAt > now).map(({ secret }) => secret);
	}

	/** Adds a secret that Cobalt reported: the newest, or that of another address. */
	add(secret: string): void {
		const others = this.known.filter((known) => known.secret !== secret);
		this.known = [{ secret, expiresAt: Infinity }, ...others].slice(0, MAX_SECRETS);
	}

	/** Restores a saved secret, unless it is known to have expired. */
	restore(secret: string): void {
		if (!this.known.some((known) => known.secret === secret)) this.add(secret);
	}

	/** Replaces all secrets by that of a new registration. */
	replace(secret: string): void {
		this.known = [{ secret, expiresAt: Infinity }];
	}

	/**
	 * Notes that a secret has signed a delivery: secrets learned before it are then old ones. That Cobalt
	 * reports a secret is not enough, because it may be that of another address. An old secret stays old even if
	 * it goes on signing.
	 */
	markUsed(secret: string, now: number): void {
		const place = this.known.findIndex((known) => known.secret === secret);
		for (const older of this.known.slice(place + 1)) {
			older.expiresAt = Math.min(older.expiresAt, now + GRACE_MS);
		}
	}

	/**
	 * Requests the secret from Cobalt, unless it was requested less than a minute ago. Simultaneous callers
	 * share a request.
	 *
	 * @param ask returns undefined if Cobalt does not report one
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
