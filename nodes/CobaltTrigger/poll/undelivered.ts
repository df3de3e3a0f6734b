import type { CobaltEvent } from '../../shared/events/event';
import { firstText } from '../../shared/json';
import { isSameAddress } from '../webhook/webhookTarget';

/** Where deliveries to us go, as far as that is known. */
export interface WebhookTarget {
	url?: string;
	/** n8n's id of the webhook, which is a part of its URL. */
	webhookId?: string;
}

/**
 * Whether the log says of an event that it could not be delivered to us. Only newer logs say where it was
 * to go: of the others, each that did not arrive somewhere counts.
 */
export function isUndelivered({ raw }: CobaltEvent, address: WebhookTarget): boolean {
	const status = firstText(raw.delivery_status, raw.status);
	const hasFailed = status === undefined ? raw.delivered === false : status === 'failed';
	return hasFailed && isOurs(firstText(raw.webhook_url), address);
}

function isOurs(target: string | undefined, { url, webhookId }: WebhookTarget): boolean {
	if (target === undefined || (url !== undefined && isSameAddress(target, url))) return true;
	// n8n may not let a poll see the address that the registration wrote down last.
	return webhookId === undefined ? url === undefined : target.includes(webhookId);
}
