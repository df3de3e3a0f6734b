import type { SeenEvent } from '../poll/logCursor';
import type { LogState } from '../poll/pollState';
import { hasKey } from '../poll/seenKeys';

/**
 * Events that name no clinic. Cobalt does not document whether the log of an access token also lists events
 * of other clinics, so the same event may be in several logs. It is emitted from the first one.
 */
export class UnnamedEvents {
	/** The accounts in whose logs they were found in this poll, by their dedupe keys. */
	private readonly found = new Map<string, string>();

	/** @param states how far the logs of all accounts had been read before this poll */
	constructor(private readonly states: readonly LogState[]) {}

	/** @returns whether the event is to be emitted from the log of this account */
	claim(account: string, event: SeenEvent): boolean {
		if (this.states.some((state) => state.origin !== account && hasEmitted(state, event))) {
			return false;
		}
		const owner = this.found.get(event.key) ?? account;
		this.found.set(event.key, owner);
		return owner === account;
	}
}

const hasEmitted = (
	{ cursor: { seen, inFlight } }: LogState,
	{ key, timestamp }: SeenEvent,
): boolean => [seen, inFlight?.seen ?? {}].some((keys) => hasKey(keys, key, timestamp));
