import { Refusal } from '../server/response.mts';
import type { Context } from '../server/context.mts';
import { route } from '../server/route.mts';
import { anyOf, httpsUrl, loopbackUrl, readBody, required } from '../server/validation.mts';
import type { Webhook } from '../world/records.mts';
import { found } from './lookups.mts';

/** Documented: how long an old secret stays valid. */
const GRACE_MS = 24 * 60 * 60 * 1000;

const HTTPS = { webhook_url: required(httpsUrl) };
const HTTPS_OR_LOOPBACK = { webhook_url: required(anyOf(httpsUrl, loopbackUrl)) };

const newSecret = ({ ids }: Context) => `whsec_${ids.id()}`;

const findWebhook = ({ ehr }: Context, wanted: string | undefined): Webhook =>
	found(
		ehr.webhooks.find(({ id }) => id === wanted),
		'Webhook',
	);

/** The account's secret, as in the guide. Whether it outlives the last URL is not documented: here it does not. */
function secretsFor(context: Context): Pick<Webhook, 'secret' | 'previous'> {
	const [first] = context.ehr.webhooks;
	return first && context.dialect.hasOneSecret
		? { secret: first.secret, previous: first.previous }
		: { secret: newSecret(context), previous: null };
}

function rotate(webhooks: Webhook[], secret: string): void {
	const now = Date.now();
	const since = new Date(now).toISOString();
	const until = new Date(now + GRACE_MS).toISOString();
	for (const webhook of webhooks) {
		webhook.previous = { secret: webhook.secret, since, until };
		webhook.secret = secret;
	}
}

const rotated = ({ id, secret }: Webhook) => ({ success: true, webhook: { id, secret } });

/** While webhooks are registered, jobs finish when they are due instead of at the next query. */
function watchJobs({ client, ehr }: Context): void {
	for (const ehrWorker of client.ehrWorkers) ehrWorker.runOnTimer(ehr.webhooks.length > 0);
}

/** Webhook registrations belong to the client: the examples send no access token, although a generated schema asks
 * for one. */
export const webhookRoutes = [
	route({
		method: 'POST',
		path: '/webhook',
		withoutAccessToken: true,
		body: HTTPS_OR_LOOPBACK,
		run(context, { body }) {
			const { ehr, ids, dialect, allowsLoopback } = context;
			const { webhook_url: url } = readBody(allowsLoopback ? HTTPS_OR_LOOPBACK : HTTPS, body);
			// An assumption: the documents do not say that accounts can be refused.
			if (!ehr.settings.mayUseWebhooks) {
				throw new Refusal(403, 'Webhooks are not available for this account.');
			}
			const webhook = { id: ids.id(), url: dialect.webhookUrl(url), ...secretsFor(context) };
			ehr.webhooks.push(webhook);
			watchJobs(context);
			return dialect.webhookRegistered(webhook);
		},
	}),
	route({
		method: 'GET',
		path: '/webhook',
		withoutAccessToken: true,
		run({ ehr, dialect }) {
			const [first] = ehr.webhooks;
			return {
				success: true,
				webhook_url: first?.url ?? null,
				webhook_urls: ehr.webhooks.map(({ id, url }) => ({ id, url })),
				webhook_secret_key: (dialect.showsSecrets && first?.secret) || null,
			};
		},
	}),
	route({
		method: 'DELETE',
		path: '/webhook/:id',
		withoutAccessToken: true,
		run(context, { params }) {
			const { webhooks } = context.ehr;
			webhooks.splice(webhooks.indexOf(findWebhook(context, params.id)), 1);
			watchJobs(context);
			return { success: true, message: 'Webhook URL removed successfully' };
		},
	}),
	route({
		method: 'POST',
		path: '/webhook/:id/rotate-secret',
		withoutAccessToken: true,
		run(context, { params }) {
			const webhook = findWebhook(context, params.id);
			const { webhooks } = context.ehr;
			rotate(context.dialect.hasOneSecret ? webhooks : [webhook], newSecret(context));
			return rotated(webhook);
		},
	}),
	route({
		method: 'POST',
		path: '/webhook/rotate-secret',
		withoutAccessToken: true,
		run(context) {
			// The guide has one secret for all URLs. Its response is not shown: the same as by id.
			const first = found(context.ehr.webhooks[0], 'Webhook');
			rotate(context.ehr.webhooks, newSecret(context));
			return rotated(first);
		},
	}),
];
