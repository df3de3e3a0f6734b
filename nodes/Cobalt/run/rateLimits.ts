import { systemClock } from '../../shared/retry/clock';
import { RateLimit } from '../../shared/retry/rateLimiter';

/** More accounts than one n8n serves. */
const MAX_ACCOUNTS = 2_000;

const limits = new Map<string, RateLimit>();

/** What Cobalt asked of an account, for all executions of this process: it outlives each of them. */
export function rateLimitOf(accountFingerprint: string): RateLimit {
	const limit = limits.get(accountFingerprint) ?? new RateLimit(systemClock);
	limits.delete(accountFingerprint);
	limits.set(accountFingerprint, limit);
	const [longestUnused] = limits.keys();
	if (limits.size > MAX_ACCOUNTS && longestUnused !== undefined) limits.delete(longestUnused);
	return limit;
}
