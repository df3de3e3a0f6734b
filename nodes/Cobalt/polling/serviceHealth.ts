import type { Clock } from '../../shared/retry/clock';
import type { RequestErrorInfo } from '../../shared/retry/errors';

/** After this many milliseconds without a response, Cobalt counts as silent. */
const MAX_SILENCE_MS = 30_000;

/** Whether Cobalt responds to the lookups of a poller. */
export class ServiceHealth {
	/** Start and end of the current run of requests without a response; epoch milliseconds. */
	private silence?: { from: number; to: number };

	/** Epoch milliseconds; 0 before the first response. */
	lastResponseAt = 0;

	lastError?: unknown;

	constructor(private readonly clock: Clock) {}

	/** Whether the last request got a response. */
	get isResponding(): boolean {
		return this.silence === undefined;
	}

	/** Whether Cobalt has been silent for so long that more requests are not worthwhile. */
	get isSilent(): boolean {
		const { silence } = this;
		return silence !== undefined && silence.to - silence.from > MAX_SILENCE_MS;
	}

	/** Notes that Cobalt has responded, which ends a silence. */
	noteResponse(): void {
		this.lastResponseAt = this.clock.now();
		this.silence = undefined;
	}

	/** Notes a transient failure. A request to slow down is a response. */
	noteFailure(error: unknown, { isRateLimited, retryAfterMs }: RequestErrorInfo): void {
		const now = this.clock.now();
		const isResponse = isRateLimited === true || retryAfterMs !== undefined;
		this.silence = isResponse ? undefined : { from: this.silence?.from ?? now, to: now };
		this.lastError = error;
	}
}
