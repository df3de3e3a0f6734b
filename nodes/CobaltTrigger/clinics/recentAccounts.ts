import { hasMultipleClinics, type RequestContext } from '../../shared/http/credential/credential';
import { systemClock as clock } from '../../shared/retry/clock';
import { accountsOf, type TriggerAccounts } from './accounts';

/** How long a credential that was read counts as the one that is stored. */
const MAX_AGE_MS = 2_000;

/** What was read, and of which credential. */
interface Reading {
	source: string;
	/** Epoch milliseconds of our clock. */
	at: number;
	accounts: Promise<TriggerAccounts>;
}

/**
 * The accounts of a trigger's credential, for deliveries in quick succession: n8n reads it from its database
 * each time, and outside of an execution it makes a sandbox for its expressions, which takes longer than all else that
 * a delivery needs.
 */
export class RecentAccounts {
	private last?: Reading;

	/**
	 * Simultaneous callers share a reading.
	 *
	 * @param isEnough whether accounts that were read before will do; if not, they are read anew
	 * @throws CobaltApiError for a credential that cannot be used
	 */
	async get(
		context: RequestContext,
		isEnough: (accounts: TriggerAccounts) => boolean = () => true,
	): Promise<TriggerAccounts> {
		const node = context.getNode();
		const source = JSON.stringify([node.credentials, hasMultipleClinics(node)]);
		const now = clock.now();
		const { last } = this;
		if (last?.source === source && now - last.at < MAX_AGE_MS) {
			const accounts = await last.accounts;
			if (isEnough(accounts)) return accounts;
		}
		const reading: Reading = { source, at: now, accounts: accountsOf(context) };
		this.last = reading;
		// It may be corrected by the next delivery.
		reading.accounts.catch(() => {
			if (this.last === reading) this.last = undefined;
		});
		return await reading.accounts;
	}
}
