import { describe, expect, it, vi } from 'vitest';

import type { CobaltOptions } from '../../tools/fake-cobalt/index.mts';
import { after, inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import { EVENT, listening, openReceiver, registered } from './receiver.mts';
import { BOOKING, eventsOf, idsOf, openCobalt, freezeClock } from './setup.mts';

describe('the log of an event with several deliveries', () => {
	freezeClock();

	/** Delivers to two URLs: to the second one late, when it has no status. */
	async function delivering(options: CobaltOptions, one: number, other?: number) {
		const { cobalt, client, receiver } = await listening(options, one);
		const second = await openReceiver(other ?? 200);
		await registered(client, second);
		if (other === undefined) cobalt.webhookSender.plan({ lateBySeconds: 3600, url: second.url });
		cobalt.world.addEvent(EVENT);
		const statuses = [one, other].filter((status) => status !== undefined);
		await vi.waitFor(() => {
			expect(cobalt.deliveries.map(({ status }) => status).sort()).toEqual(statuses.sort());
		});
		return { client, urls: [receiver.url, second.url] };
	}

	it.each<[string, number, number?]>([
		['failed', 200, 400],
		['failed', 400, 200],
		['failed', 400],
		['pending', 200],
		['success', 204, 200],
	])('lists one plain event as %s when URLs respond with %s and %s', async (worst, one, other) => {
		const { client } = await delivering({}, one, other);
		const { data } = await client.get('/webhook-events');
		expect(data.webhook_events).toMatchObject([{ id: 'e1', status: worst }]);
		for (const status of ['success', 'failed', 'pending']) {
			const filtered = eventsOf(await client.get('/webhook-events', { status }));
			expect(filtered).toHaveLength(status === worst ? 1 : 0);
		}
	});

	it.each<[number, number | undefined, string[]]>([
		[200, 400, ['success', 'failed']],
		[400, 200, ['failed', 'success']],
		[200, undefined, ['success', 'failed']],
	])('lists a prefixed event for each URL: %s and %s', async (one, other, statuses) => {
		const { client, urls } = await delivering({ spelling: 'prefixed' }, one, other);
		const lines = urls.map((webhook_url, index) => ({
			event_id: 'e1',
			webhook_url,
			delivery_status: statuses[index],
		}));
		const { data } = await client.get('/webhook-events', { sort: 'created_at' });
		expect(data.webhook_events).toMatchObject(lines);
		expect(data.pagination).toMatchObject({ total_count: 2 });
		const failed = await client.get('/webhook-events', { delivery_status: 'failed' });
		expect(failed.data.webhook_events).toMatchObject([lines[statuses.indexOf('failed')]]);
	});
});

describe('a job with a registered webhook', () => {
	it('finishes a job by itself when it is due', async () => {
		const { cobalt, client, receiver } = await listening();
		cobalt.ehrWorker.plan({ seconds: 40 });
		cobalt.ehrWorker.plan({ seconds: 20, eventNeverListed: true });
		const arrived = await inVirtualTime(async () => {
			const start = Date.now();
			const late = idsOf(await client.post('/appointments', BOOKING));
			const early = idsOf(await client.post('/appointments', BOOKING));
			await new Promise<void>((resolve) => {
				after(60, resolve);
			});
			await cobalt.delivered();
			expect(receiver.arrivals.map(({ body }) => body.job_id)).toEqual(
				[early, late].map(({ job_id }) => String(job_id)),
			);
			return receiver.arrivals.map(({ at }) => (at - start) / 1000);
		});
		expect(arrived).toEqual([20, 40]);
	});

	it('delivers jobs submitted before the registration, but none after the last URL is removed', async () => {
		const { cobalt, client } = await openCobalt({ loopbackWebhooks: true });
		const receiver = await openReceiver();
		let finished = 0;
		await inVirtualTime(async () => {
			cobalt.ehrWorker.plan({ seconds: 10 });
			cobalt.ehrWorker.plan({ seconds: 100 });
			await client.post('/appointments', BOOKING);
			await client.post('/appointments', BOOKING);
			await registered(client, receiver);
			await new Promise<void>((resolve) => {
				after(50, resolve);
			});
			const [webhook] = cobalt.world.webhooks();
			await client.delete(`/webhook/${String(webhook?.id)}`);
			finished = vi.getTimerCount();
			await cobalt.delivered();
		});
		expect(receiver.arrivals).toHaveLength(1);
		expect(finished).toBe(0);
	});
});

describe('a registration', () => {
	freezeClock();

	it.each(['http://127.0.0.1:9/x', 'http://localhost/x', 'http://[::1]:9'])(
		'accepts %s only with loopbackWebhooks',
		async (url) => {
			const strict = await openCobalt();
			const body = { webhook_url: url };
			expect((await strict.client.post('/webhook', body)).status).toBe(400);
			const { client } = await openCobalt({ loopbackWebhooks: true });
			expect((await client.post('/webhook', body)).status).toBe(200);
		},
	);

	it.each(['http://example.com', 'http://127.0.0.1.example.com', 'http://localhost@example.com/'])(
		'refuses %s even with loopbackWebhooks',
		async (url) => {
			const { client } = await openCobalt({ loopbackWebhooks: true });
			expect((await client.post('/webhook', { webhook_url: url })).status).toBe(400);
		},
	);

	it('refuses webhooks to accounts without them', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.world.settings.mayUseWebhooks = false;
		const reply = await client.post('/webhook', { webhook_url: 'https://a.b' });
		expect(reply).toMatchObject({
			status: 403,
			data: { success: false, message: 'Webhooks are not available for this account.' },
		});
		expect(reply.data).not.toHaveProperty('error');
		expect(cobalt.world.webhooks()).toEqual([]);
	});

	it("returns the account's secret for every URL in that dialect", async () => {
		const { cobalt, client } = await openCobalt({ oneSecret: 'account' });
		const secretOf = async (url: string) =>
			(await client.post('/webhook', { webhook_url: url })).data.webhook_secret_key;
		const secret = await secretOf('https://a.b/1');
		expect(await secretOf('https://a.b/2')).toBe(secret);
		expect((await client.get('/webhook')).data.webhook_secret_key).toBe(secret);
		const [, second] = cobalt.world.webhooks();
		const rotated = await client.post(`/webhook/${String(second?.id)}/rotate-secret`);
		const { secret: renewed } = rotated.data.webhook as { secret: string };
		expect(renewed).not.toBe(secret);
		const old = { secret, until: '2025-03-02T12:00:00.000Z' };
		expect(cobalt.world.webhooks()).toMatchObject([
			{ secret: renewed, previous: old },
			{ secret: renewed, previous: old },
		]);
	});
});
