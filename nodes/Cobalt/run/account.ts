import type {
	IBinaryData,
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
} from 'n8n-workflow';

import {
	createClient,
	createDownloader,
	type CobaltRequest,
	type Send,
} from '../../shared/http/client';
import { createRedact, type Redact } from '../../shared/http/redaction';
import { systemClock as clock } from '../../shared/retry/clock';
import { createLimiter } from '../../shared/retry/concurrency';
import { RateLimiter, type RateLimit } from '../../shared/retry/rateLimiter';
import { withRetry } from '../../shared/retry/retry';
import { rateLimitOf } from './rateLimits';

/** The node call whose items use the account. */
interface Call {
	context: IExecuteFunctions;
	/** After it aborts, nothing more is sent. */
	signal: AbortSignal;
}

interface AccountNames {
	/** Identifies the account in data that outlives the run. */
	fingerprint: string;
	/** Identifies the keys that its requests are sent with. */
	keys: string;
	/** The clinic's reference ID, in a credential with several. */
	clinic?: string;
}

/**
 * One account in a run: the client with its keys, its rate limit, which all executions share, and its limit
 * of concurrent requests. Cobalt's response to one account does not affect any other.
 */
export class Account {
	readonly send: Send;

	/** Shared by all executions of this process. */
	readonly rateLimit: RateLimit;

	readonly rateLimiter: RateLimiter;

	/** See {@link AccountNames.fingerprint}. */
	readonly fingerprint: string;

	/** See {@link AccountNames.keys}. */
	readonly keys: string;

	/** See {@link AccountNames.clinic}. */
	readonly clinic?: string;

	/** Masks its keys in text from outside. */
	readonly redact: Redact;

	/** How many items may have a request in flight at once: one, until their parameters are read. */
	limit = createLimiter(1);

	constructor(
		private readonly call: Call,
		private readonly credential: ICredentialDataDecryptedObject,
		{ fingerprint, keys, clinic }: AccountNames,
	) {
		this.fingerprint = fingerprint;
		this.keys = keys;
		this.clinic = clinic;
		this.send = createClient(call.context, credential);
		this.redact = createRedact(credential);
		this.rateLimit = rateLimitOf(fingerprint);
		this.rateLimiter = new RateLimiter({ limit: this.rateLimit, signal: call.signal });
	}

	/** Sends a request that only reads, with retries. */
	async read(request: CobaltRequest): Promise<IDataObject> {
		return await this.withRetry(async () => await this.send(request));
	}

	/** @param fallbackName for a response that does not name the file */
	async download(request: CobaltRequest, fallbackName: string): Promise<IBinaryData> {
		const { context } = this.call;
		const download = createDownloader(context, this.credential);
		return await this.withRetry(async () => await download(request, fallbackName));
	}

	/** Retries a read, see {@link withRetry}. */
	async withRetry<T>(read: () => Promise<T>): Promise<T> {
		const { call, rateLimiter } = this;
		return await withRetry(read, { clock, rateLimiter, signal: call.signal });
	}
}
