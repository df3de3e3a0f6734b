import type { CobaltEvent } from '../../shared/events/event';
import { firstText } from '../../shared/json';
import { isSameAddress } from '../webhook/webhookTarget';

/** Where Cobalt delivers to us, as far as that is known. */
export interface WebhookTarget {
	url?: string;
	/** n8n's id of the webhook, which is a part of its URL. */
	webhookId?: string;
}

/**
 * Whether the log says that an event could not be delivered to us. An entry without a URL counts as ours
 * (docs/api-notes.md, "What the documents do not say").
 */
export function isUndelivered({ raw }: CobaltEvent, address: WebhookTarget): boolean {
	const status = firstText(raw.delivery_status, raw.status);
	const hasFailed = status === undefined ? raw.delivered === false : status === 'failed';
	return hasFailed && isOurs(firstText(raw.webhook_url), address);
}

function isOurs(target: string | undefined, { url, webhookId }: WebhookTarget): boolean {
	if (target === undefined || (url !== undefined && isSameAddress(target, url))) return true;
	// A poll may not see the address that the registration saved last.
	return webhookId === undefined ? url === undefined : target.includes(webhookId);
}
