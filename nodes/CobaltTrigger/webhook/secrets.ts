/** Milliseconds between two times that Cobalt is asked for a secret, so that forged calls are no load. */
const PAUSE_MS = 60_000;

/** How long an old secret stays valid after a rotation, as Cobalt documents it. */
const GRACE_MS = 24 * 60 * 60_000;

/** More than a rotation leaves. */
const MOST = 4;

interface Known {
	secret: string;
	/** Epoch milliseconds. */
	expiresAt: number;
}

/** The secrets with which Cobalt may sign deliveries to one trigger, as this process knows them. */
export class Secrets {
	/** The one that was learned last comes first. */
	private known: Known[] = [];

	private askedAt = -Infinity;

	private asking?: Promise<void>;

	/** Those that may be believed. */
	at(now: number): string[] {
		return this.known.filter(({ expiresAt }) => expiresAt > now).map(({ secret }) => secret);
	}

	/** Cobalt tells it: it is the newest, or somebody else's. */
	add(secret: string): void {
		const others = this.known.filter((known) => known.secret !== secret);
		this.known = [{ secret, expiresAt: Infinity }, ...others].slice(0, MOST);
	}

	/** It was written down some time: one that is known to be over stays so. */
	restore(secret: string): void {
		if (!this.known.some((known) => known.secret === secret)) this.add(secret);
	}

	/** A new registration has a secret of its own, and what was before is over. */
	replace(secret: string): void {
		this.known = [{ secret, expiresAt: Infinity }];
	}

	/**
	 * Notes that a secret has signed a delivery: those that were learned before are the old ones then. What
	 * Cobalt tells may be the secret of another address, so that being told is not enough; and an old one
	 * that goes on signing stays old.
	 */
	markUsed(secret: string, now: number): void {
		const place = this.known.findIndex((known) => known.secret === secret);
		for (const older of this.known.slice(place + 1)) {
			older.expiresAt = Math.min(older.expiresAt, now + GRACE_MS);
		}
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
