import { LruCache } from '../../shared/lruCache';
import { systemClock } from '../../shared/retry/clock';
import { RateLimit } from '../../shared/retry/rateLimiter';

/** More accounts than one n8n serves. */
const MAX_ACCOUNTS = 2_000;

const limits = new LruCache(MAX_ACCOUNTS, () => new RateLimit(systemClock));

/** The rate limit of an account, shared by all executions of this process. It outlives each of them. */
export const rateLimitOf = (accountFingerprint: string): RateLimit =>
	limits.get(accountFingerprint);
