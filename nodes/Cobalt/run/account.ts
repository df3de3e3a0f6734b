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
import { RateLimiter } from '../../shared/retry/rateLimiter';
import { withRetry } from '../../shared/retry/retry';

/** The call of the node whose items use the account. */
interface Call {
	context: IExecuteFunctions;
	/** Once it is aborted, nothing more is sent. */
	signal: AbortSignal;
}

/**
 * The keys that some items of a run go out with, and what the requests with them share. What Cobalt answers
 * to one account, or asks of it, concerns no other.
 */
export class Account {
	readonly send: Send;

	readonly rateLimiter: RateLimiter;

	/** Hides its keys in texts of others. */
	readonly redact: Redact;

	/** How many items have a request on its way at once: one, until what they want is read. */
	limit = createLimiter(1);

	constructor(
		private readonly call: Call,
		private readonly credential: ICredentialDataDecryptedObject,
		/** For what outlives the run. */
		readonly fingerprint: string,
	) {
		this.send = createClient(call.context, credential);
		this.redact = createRedact(credential);
		this.rateLimiter = new RateLimiter({ clock, signal: call.signal });
	}

	/** Sends a request that only reads. */
	async read(request: CobaltRequest): Promise<IDataObject> {
		return await this.withRetry(async () => await this.send(request));
	}

	/** @param fallbackName for an answer that does not name the file */
	async download(request: CobaltRequest, fallbackName: string): Promise<IBinaryData> {
		const { context } = this.call;
		const download = createDownloader(context, this.credential);
		return await this.withRetry(async () => await download(request, fallbackName));
	}

	/** Does what may be repeated: a read. See {@link withRetry}. */
	async withRetry<T>(read: () => Promise<T>): Promise<T> {
		const { call, rateLimiter } = this;
		return await withRetry(read, { clock, rateLimiter, signal: call.signal });
	}
}
