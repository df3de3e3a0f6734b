import type { JobWait, PollResult } from '../polling/polledJob';
import { sharedPollerOf, type Waiter } from '../polling/sharedPoller';
import type { Account } from '../run/account';
import type { Run } from '../run/run';
import { Progress } from './progress';

/** The waits of one run, which share the pollers of its accounts with those of other executions. */
export class JobWaits {
	/** Whether a hint reports how many requests the waits took. */
	countsRequests = false;

	/** This run, as the poller of each account knows it. */
	private readonly waiters = new Map<Account, Waiter>();

	private readonly progress: Progress;

	private readonly requests = { all: 0, shared: 0 };

	constructor(private readonly run: Run) {
		this.progress = new Progress(run);
	}

	/** See `JobPoller.waitFor`. */
	async waitFor(account: Account, wait: JobWait): Promise<PollResult> {
		const poller = sharedPollerOf(account.keys, account.rateLimit);
		this.progress.add();
		return await poller.waitFor(this.waiterOf(account), wait).finally(() => this.progress.end());
	}

	/** Adds the hint, if the user asked for it and there was a wait. */
	report(): void {
		if (!this.countsRequests || this.progress.jobs === 0) return;
		const { all, shared } = this.requests;
		const sharing = shared > 0 ? ` Of these, ${shared} also served other executions.` : '';
		this.run.hint(`Waited for ${this.progress.jobs} jobs with ${all} requests.${sharing}`);
	}

	private waiterOf(account: Account): Waiter {
		const waiter = this.waiters.get(account) ?? {
			send: account.send,
			signal: this.run.signal,
			onRequest: (servesOthers) => this.noteRequest(servesOthers),
			onRound: () => this.progress.report(),
		};
		this.waiters.set(account, waiter);
		return waiter;
	}

	private noteRequest(servesOthers: boolean): void {
		this.requests.all += 1;
		if (servesOthers) this.requests.shared += 1;
	}
}
