import { unwrap } from '../../shared/http/unwrapResponse';
import { firstText } from '../../shared/json';
import type { Account } from '../run/account';
import type { Run } from '../run/run';

const CONTEXT_KEY = 'cobaltSettings';

/** What the node needs from an account's settings (docs/api-notes.md, "What the documents disagree on"). */
export interface Settings {
	requiredPatientFields: string[];
	/** IANA name, as Cobalt returns it. */
	timezone?: string;
}

/** Stored for later runs of this execution (loops). A retry is another execution. */
interface Remembered {
	executionId: string;
	byAccount: Record<string, Settings>;
}

/** The settings of accounts at Cobalt, each read at most once. */
export class AccountSettings {
	private readonly requested = new Map<Account, Promise<Settings>>();

	constructor(private readonly run: Run) {}

	/** @throws if they cannot be read, in the same way for all items of the account */
	async of(account: Account): Promise<Settings> {
		const requested = this.requested.get(account) ?? this.read(account);
		this.requested.set(account, requested);
		return await requested;
	}

	private async read(account: Account): Promise<Settings> {
		const remembered = this.remembered();
		const known = remembered.byAccount[account.fingerprint];
		if (known) return known;
		const response = await account.read({ method: 'GET', path: '/settings' });
		const { required_patient_fields: required, timezone } = unwrap(response);
		const settings = {
			requiredPatientFields: Array.isArray(required) ? required.map(String) : [],
			timezone: firstText(timezone),
		};
		remembered.byAccount[account.fingerprint] = settings;
		return settings;
	}

	/** The settings by account that this execution knows. The caller adds to them. */
	private remembered(): Remembered {
		const { context } = this.run;
		const executionId = context.getExecutionId();
		const memory = context.getContext('node')[CONTEXT_KEY] as Remembered | undefined;
		if (memory?.executionId === executionId) return memory;
		const anew: Remembered = { executionId, byAccount: {} };
		context.getContext('node')[CONTEXT_KEY] = anew;
		return anew;
	}
}
