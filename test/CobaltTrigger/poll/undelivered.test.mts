import { expect, it } from 'vitest';

import {
	isUndelivered,
	type WebhookTarget,
} from '../../../nodes/CobaltTrigger/poll/undelivered.js';
import { eventOf } from '../../../nodes/shared/events/event.js';

const missed = (record: Record<string, unknown>, address: WebhookTarget = {}) =>
	isUndelivered(eventOf({ type: 'x.done', ...record }), address);

it.each<[Record<string, unknown>, boolean]>([
	[{}, false],
	[{ status: 'failed' }, true],
	[{ status: 'failed', delivered: true }, true],
	[{ status: 'success', delivered: false }, false],
	[{ status: 'pending', delivered: false }, false],
	[{ delivery_status: 'failed' }, true],
	[{ delivery_status: 'success', status: 'failed' }, false],
	[{ delivery_status: '', status: 'failed' }, true],
	[{ delivery_status: null, delivered: false }, true],
	[{ delivered: 'false' }, false],
	[{ delivered: false }, true],
	[{ delivered: true }, false],
])('recognizes a missed event: %j', (record, isSo) => {
	expect(missed(record)).toBe(isSo);
});

const URL = 'https://n8n.example.com/webhook/abc/webhook';
const OTHER = 'https://elsewhere.example.com/hook';

it.each<[string | undefined, WebhookTarget, boolean]>([
	[undefined, { url: URL, webhookId: 'abc' }, true],
	[URL, { url: URL }, true],
	[OTHER, { url: URL }, false],
	[OTHER, { url: URL, webhookId: 'abc' }, false],
	[URL, { url: OTHER, webhookId: 'abc' }, true],
	[URL, { webhookId: 'abc' }, true],
	[OTHER, { webhookId: 'abc' }, false],
	[OTHER, {}, true],
])('recognizes a delivery to %s as ours: %j', (webhook_url, address, isSo) => {
	expect(missed({ delivery_status: 'failed', webhook_url }, address)).toBe(isSo);
});
