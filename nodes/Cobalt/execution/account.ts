import type { IBinaryData, ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { Brake } from '../../shared/retry/rateLimiter';
import { systemClock as clock } from '../../shared/retry/clock';
import { riskOf } from '../../shared/retry/knownErrors';
import { createLimit } from '../../shared/retry/concurrency';
import { patiently } from '../../shared/retry/retry';
import { createRedact, type Redact } from '../../shared/http/redaction';
import { connect, connectForFiles, type CobaltRequest, type Send } from '../../shared/http/client';
import type { Run } from './run';

/**
 * The keys that some items of a run go out with, and what the requests with them share. What Cobalt answers
 * to one account, or asks of it, concerns no other.
 */
export class Account {
	readonly send: Send;

	readonly brake: Brake;

	/** Hides its keys in texts of others. */
	readonly redact: Redact;

	/** How many items have a request on its way at once: one, until what they want is read. */
	limit = createLimit(1);

	constructor(
		private readonly run: Run,
		private readonly credential: ICredentialDataDecryptedObject,
		/** For what outlives the run. */
		readonly fingerprint: string,
	) {
		this.send = connect(run.context, credential);
		this.redact = createRedact(credential);
		this.brake = new Brake({ riskOf, clock, signal: run.halted });
	}

	/** Sends a request that only reads. */
	async read(request: CobaltRequest): Promise<IDataObject> {
		return await this.patiently(async () => await this.send(request));
	}

	/** @param fallbackName for an answer that does not name the file */
	async download(request: CobaltRequest, fallbackName: string): Promise<IBinaryData> {
		const { context } = this.run;
		const download = connectForFiles(context, this.credential);
		return await this.patiently(async () => await download(request, fallbackName));
	}

	/** Does what may be repeated: a read. See {@link patiently}. */
	async patiently<T>(read: () => Promise<T>): Promise<T> {
		const { brake, run } = this;
		return await patiently(read, { riskOf, clock, brake, signal: run.halted });
	}
}
