import type { IDataObject } from 'n8n-workflow';

import type { CobaltRequest, Send } from '../../shared/http/client';
import { CobaltApiError } from '../../shared/http/cobaltApiError';
import { saysSuccess, unwrap } from '../../shared/http/unwrapResponse';
import { firstText } from '../../shared/json';
import { UnexpectedResponseError } from '../../shared/pagination/pages';
import { systemClock as clock } from '../../shared/retry/clock';
import type { LinkCreation } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import type { ItemContext } from '../run/itemFailure';
import type { Result } from '../run/result';
import type { Run } from '../run/run';
import type { OperationHandler } from './handler';
import { readInSlot } from './reading';

/**
 * Handles links that a person opens. Each item and each try creates a new link: it is a secret, so it is not
 * stored for a retry, and a link that nobody opens expires (docs/api-notes.md, "What the documents do not
 * say").
 */
export class LinkHandler implements OperationHandler {
	constructor(
		private readonly run: Run,
		private readonly operation: LinkCreation,
	) {}

	async handle(input: ItemInput, itemContext: ItemContext): Promise<Result> {
		return await readInSlot(this.run, input, itemContext, async () => [
			{ json: await this.create(input) },
		]);
	}

	private async create({ account, request }: ItemInput): Promise<IDataObject> {
		const { linkUrl, validMinutes } = this.operation;
		return await account.withRetry(async () => {
			const requestedAt = clock.now();
			const response = await sendToEither(account.send, request);
			const token = firstText(unwrap(response).token);
			if (token === undefined || !saysSuccess(response)) throw new UnexpectedResponseError();
			return {
				link_url: `${linkUrl}?token=${encodeURIComponent(token)}`,
				expires_at: new Date(requestedAt + validMinutes * 60_000).toISOString(),
			};
		});
	}
}

/**
 * Sends a request to a path that is documented with `/v1` and without (docs/api-notes.md, "What the documents
 * disagree on"): with it first, and without it if Cobalt does not know that path.
 */
async function sendToEither(send: Send, request: CobaltRequest): Promise<IDataObject> {
	const versioned = send(request);
	if (!(await isMissing(versioned))) return await versioned;
	const unversioned = send({ ...request, isUnversioned: true });
	return (await isMissing(unversioned)) ? await versioned : await unversioned;
}

/** Whether Cobalt does not know the path of a request (404). */
const isMissing = async (response: Promise<IDataObject>): Promise<boolean> =>
	await response.then(
		() => false,
		(error: unknown) => error instanceof CobaltApiError && error.httpCode === '404',
	);
