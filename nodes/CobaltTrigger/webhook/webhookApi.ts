import type { IDataObject } from 'n8n-workflow';

import { type Send } from '../../shared/http/client';
import { CobaltApiError } from '../../shared/http/cobaltApiError';
import { unwrap } from '../../shared/http/unwrapResponse';
import { firstText, isObject } from '../../shared/json';

const PATH = '/webhook';

/** An address that Cobalt delivers to, as Cobalt reports it. */
export interface RegisteredWebhook {
	id: string;
	url: string;
}

/** What Cobalt reports about an account's webhooks. */
export interface AccountWebhooks {
	registered: RegisteredWebhook[];
	/** The secret of the account or of one address (docs/api-notes.md, "What the documents disagree on"). */
	secret?: string;
}

/**
 * Reads the webhooks of the account.
 *
 * @param timeoutMs for a caller with less time than a request usually gets
 * @throws what `send` throws
 */
export async function readWebhooks(send: Send, timeoutMs?: number): Promise<AccountWebhooks> {
	const response = unwrap(await send({ method: 'GET', path: PATH, timeoutMs }));
	const list = Array.isArray(response.webhook_urls) ? (response.webhook_urls as unknown[]) : [];
	return {
		registered: list.filter(isObject).flatMap((entry) => {
			const id = firstText(entry.id, entry.webhook_id);
			const url = firstText(entry.url, entry.webhook_url);
			return id === undefined || url === undefined ? [] : [{ id, url }];
		}),
		secret: secretIn(response),
	};
}

/**
 * Registers an address. Some documented responses lack the id or the secret (docs/api-notes.md, "What the
 * documents disagree on").
 *
 * @throws what `send` throws
 */
export async function registerWebhook(
	send: Send,
	url: string,
): Promise<{ id?: string; secret?: string }> {
	const response = unwrap(await send({ method: 'POST', path: PATH, body: { webhook_url: url } }));
	return { id: firstText(response.webhook_id, response.id), secret: secretIn(response) };
}

/**
 * Removes a webhook. One that no longer exists counts as removed.
 *
 * @throws what `send` throws, except for Cobalt's 404
 */
export async function removeWebhook(send: Send, id: string): Promise<void> {
	await send({ method: 'DELETE', path: `${PATH}/${encodeURIComponent(id)}` }).catch(
		(error: unknown) => {
			const isKnownGone =
				error instanceof CobaltApiError && error.httpCode === '404' && !error.isFromElsewhere;
			if (!isKnownGone) throw error;
		},
	);
}

const secretIn = (response: IDataObject): string | undefined =>
	firstText(response.webhook_secret, response.webhook_secret_key, response.secret);
