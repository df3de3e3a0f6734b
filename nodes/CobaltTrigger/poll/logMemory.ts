import type { LogPosition } from '../../shared/events/logReader';
import type { LogState } from './pollState';

/** What this process remembers of one account's log. */
export interface LogMemory {
	/** When the last successful poll started. Epoch milliseconds of our clock. */
	lookedAt?: number;
	/** For hosts that do not save what the poll at activation writes. */
	state?: LogState;
	/** When Cobalt stopped delivering to us, until the gap has been read. Epoch milliseconds of our clock. */
	gapStart?: number;
	/** Where the log was last read, even by a poll that did not reach its end. */
	position?: LogPosition;
	/** The clinic's reference ID that Cobalt knows too, as far as Cobalt says. */
	checkedClinic?: string;
	/** The failure that was last shown to the user, and when; until the log can be read again. */
	reported?: { message: string; at: number };
}

/** What this process remembers of the logs of a trigger, by the ids of their accounts. */
export class LogMemories {
	private readonly logs = new Map<string, LogMemory>();

	/** The gap start for logs that have not been read yet. */
	private gapStart?: number;

	/** Whether any poll has succeeded. */
	get hasPolled(): boolean {
		return [...this.logs.values()].some(({ lookedAt }) => lookedAt !== undefined);
	}

	get states(): LogState[] {
		return [...this.logs.values()].flatMap(({ state }) => state ?? []);
	}

	/** What is remembered about the log of an account. */
	forAccount(account: string): LogMemory {
		const log = this.logs.get(account) ?? { gapStart: this.gapStart };
		this.logs.set(account, log);
		return log;
	}

	/** Notes that from now on Cobalt does not deliver to us. */
	openGaps(now: number): void {
		this.gapStart = now;
		for (const log of this.logs.values()) log.gapStart = now;
	}

	/** Forgets all other accounts. */
	keepOnly(accounts: ReadonlySet<string>): void {
		for (const account of this.logs.keys()) {
			if (!accounts.has(account)) this.logs.delete(account);
		}
	}

	/** Accounts in the order in which their logs are to be read. */
	inReadingOrder<Account extends { id: string }>(accounts: readonly Account[]): Account[] {
		const turns = [...this.logs.keys()];
		return [...accounts].sort((one, other) => turns.indexOf(one.id) - turns.indexOf(other.id));
	}

	/** Moves a log behind the others, because it used its share of a poll and needs more. */
	moveBack(account: string): void {
		const log = this.forAccount(account);
		this.logs.delete(account);
		this.logs.set(account, log);
	}
}
