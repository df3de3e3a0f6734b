import { withTimeout } from '../../shared/retry/clock';

/** What this process knows about the registration of a trigger's webhook at Cobalt. */
export class RegistrationProgress {
	/** Whether it is certain that none of our addresses is registered, so that nothing has to be removed. */
	isNothingLeft = false;

	private readonly waiting = new Set<(isRegistered: boolean) => void>();

	/** Notes that a webhook has been registered. */
	noteSuccess(): void {
		this.isNothingLeft = false;
		this.end(true);
	}

	/** Notes that a webhook could not be registered. */
	noteFailure(): void {
		this.end(false);
	}

	/**
	 * Waits for the registration that is in progress or about to start.
	 *
	 * @param ms maximum wait
	 * @returns whether it succeeded; undefined if it takes longer
	 */
	async outcome(ms: number): Promise<boolean | undefined> {
		let hear: (isRegistered: boolean) => void = () => undefined;
		const heard = new Promise<boolean>((resolve) => (hear = resolve));
		this.waiting.add(hear);
		return await withTimeout(heard, ms)
			.catch(() => undefined)
			.finally(() => this.waiting.delete(hear));
	}

	private end(isRegistered: boolean): void {
		for (const hear of this.waiting) hear(isRegistered);
		this.waiting.clear();
	}
}
