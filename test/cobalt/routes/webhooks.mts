import type { Inside } from '../inside.mts';
import type { Webhook } from '../records.mts';
import { route } from '../route.mts';
import { httpsUrl, required } from '../validation.mts';
import { found } from './lookups.mts';

/** How long an old secret works on (3.1). */
const GRACE_MS = 24 * 60 * 60 * 1000;

const newSecret = ({ ids }: Inside) => `whsec_${ids.id()}`;

const findWebhook = ({ ehr }: Inside, wanted: string | undefined): Webhook =>
	found(
		ehr.webhooks.find(({ id }) => id === wanted),
		'Webhook',
	);

function rotate(webhook: Webhook, secret: string): void {
	const until = new Date(Date.now() + GRACE_MS).toISOString();
	webhook.previous = { secret: webhook.secret, until };
	webhook.secret = secret;
}

const rotated = ({ id, secret }: Webhook) => ({ success: true, webhook: { id, secret } });

/** Registrations (3.1). They are the client's: their examples send no access token, and whether a
 * generated schema that asks for one is right cannot be told (contradiction 10). */
export const webhookRoutes = [
	route({
		method: 'POST',
		path: '/webhook',
		withoutAccessToken: true,
		body: { webhook_url: required(httpsUrl) },
		run(inside, { body }) {
			const { ehr, ids, dialect } = inside;
			const webhook: Webhook = {
				id: ids.id(),
				url: body.webhook_url,
				secret: newSecret(inside),
				previous: null,
			};
			ehr.webhooks.push(webhook);
			return dialect.webhookRegistered(webhook);
		},
	}),
	route({
		method: 'GET',
		path: '/webhook',
		withoutAccessToken: true,
		run({ ehr }) {
			const [first] = ehr.webhooks;
			return {
				success: true,
				webhook_url: first?.url ?? null,
				webhook_urls: ehr.webhooks.map(({ id, url }) => ({ id, url })),
				webhook_secret_key: first?.secret ?? null,
			};
		},
	}),
	route({
		method: 'DELETE',
		path: '/webhook/:id',
		withoutAccessToken: true,
		run(inside, { params }) {
			const { webhooks } = inside.ehr;
			webhooks.splice(webhooks.indexOf(findWebhook(inside, params.id)), 1);
			return { success: true, message: 'Webhook URL removed successfully' };
		},
	}),
	route({
		method: 'POST',
		path: '/webhook/:id/rotate-secret',
		withoutAccessToken: true,
		run(inside, { params }) {
			const webhook = findWebhook(inside, params.id);
			rotate(webhook, newSecret(inside));
			return rotated(webhook);
		},
	}),
	route({
		method: 'POST',
		path: '/webhook/rotate-secret',
		withoutAccessToken: true,
		run(inside) {
			// The guide knows one secret for all addresses. Its answer is not visible: as by id.
			const secret = newSecret(inside);
			const first = found(inside.ehr.webhooks[0], 'Webhook');
			for (const webhook of inside.ehr.webhooks) rotate(webhook, secret);
			return rotated(first);
		},
	}),
];
