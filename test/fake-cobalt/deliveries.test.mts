import { createHmac } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';

import type { CobaltOptions, DeliveryPlan } from '../../tools/fake-cobalt/index.mts';
import { after, inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import { openReceiver, type Receiver } from './receiver.mts';
import {
	BOOKING,
	eventsOf,
	idsOf,
	openCobalt,
	advanceSeconds,
	freezeClock,
	type Client,
} from './setup.mts';

async function registered(client: Client, { url }: Receiver) {
	const { data } = await client.post('/webhook', { webhook_url: url });
	return String(data.webhook_secret_key);
}

/** A Cobalt that delivers to a receiver, and the receiver's secret. */
async function listening(options: CobaltOptions = {}, ...reactions: Receiver['reactions']) {
	const { cobalt, client } = await openCobalt({ loopbackWebhooks: true, ...options });
	const receiver = await openReceiver(...reactions);
	return { cobalt, client, receiver, secret: await registered(client, receiver) };
}

const hmac = (secret: string, text: string) =>
	createHmac('sha256', secret).update(text).digest('hex');

/** As the documents' sample checks it: over the body parsed and written again. */
const isSigned = (secret: string, { raw, headers }: Receiver['arrivals'][number]) =>
	headers['cobalt-verification'] === hmac(secret, JSON.stringify(JSON.parse(raw)));

const EVENT = { type: 'patient.updated', id: 'e1', created: '2025-03-01T03:00:00.000-08:00' };

describe('a delivery', () => {
	freezeClock();

	it('has the envelope and the headers of the documents', async () => {
		const { cobalt, receiver, secret } = await listening({ spelling: 'prefixed' });
		cobalt.world.addEvent({ ...EVENT, data: { mrn: '804', nested: [1, { a: 'ü' }] } });
		await cobalt.delivered();
		const [arrival] = receiver.arrivals;
		expect(arrival?.raw).toBe(
			JSON.stringify({
				id: 'e1',
				access_token_reference_id: 'clinic_1',
				object: 'event',
				created: EVENT.created,
				type: 'patient.updated',
				data: { mrn: '804', nested: [1, { a: 'ü' }] },
			}),
		);
		expect(arrival?.headers).toMatchObject({
			'content-type': 'application/json',
			'cobalt-verification': hmac(secret, String(arrival?.raw)),
			'webhook-id': 'e1',
			'webhook-timestamp': EVENT.created,
			'webhook-attempt': '1',
		});
		expect(cobalt.deliveries).toEqual([
			{ url: receiver.url, eventId: 'e1', attempt: 1, at: Date.now(), status: 200, retried: false },
		]);
	});

	it.each<[CobaltOptions, object]>([
		[{}, { access_token_reference_id: 'clinic_1', job_id: '7' }],
		[{ eventJobIds: 'number' }, { access_token_reference_id: 'clinic_1', job_id: 7 }],
		[{ liveFetch: 'old' }, { user_id: 'clinic_1', job_execution_id: '7' }],
	])('of a live fetch has an envelope of its own with %o', async (options, own) => {
		const { cobalt, receiver } = await listening(options);
		const type = 'patient.live_fetch_completed';
		cobalt.world.addEvent({ ...EVENT, type, jobId: '7', data: { patient_count: 0 } });
		await cobalt.delivered();
		expect(receiver.arrivals.map(({ body }) => body)).toEqual([
			{
				id: 'e1',
				timestamp: EVENT.created,
				type,
				action: 'sync',
				data: { patient_count: 0 },
				...own,
			},
		]);
	});

	it('goes to every URL, until it is removed', async () => {
		const { cobalt, client, receiver, secret } = await listening();
		const other = await openReceiver();
		const otherSecret = await registered(client, other);
		expect(otherSecret).not.toBe(secret);
		cobalt.world.addEvent(EVENT);
		await cobalt.delivered();
		const [mine] = receiver.arrivals;
		const [others] = other.arrivals;
		expect(mine && isSigned(secret, mine)).toBe(true);
		expect(others && isSigned(otherSecret, others)).toBe(true);
		const [first] = cobalt.world.webhooks();
		await client.delete(`/webhook/${String(first?.id)}`);
		cobalt.world.addEvent(EVENT);
		await cobalt.delivered();
		expect([receiver.arrivals.length, other.arrivals.length]).toEqual([1, 2]);
	});

	it.each<[DeliveryPlan, boolean]>([
		[{ isSpaced: true }, true],
		[{ isSpaced: true, signs: 'bytes' }, false],
	])('may be written with spaces: %o', async (plan, isCompact) => {
		const { cobalt, receiver, secret } = await listening();
		cobalt.webhookSender.plan(plan);
		cobalt.world.addEvent(EVENT);
		await cobalt.delivered();
		const signed = receiver.arrivals.map(({ raw, headers }) => {
			expect(raw).toContain('"id": "e1"');
			expect(headers['cobalt-verification']).toMatch(/^[0-9a-f]{64}$/);
			const texts = [JSON.stringify(JSON.parse(raw)), raw];
			return texts.map((text) => headers['cobalt-verification'] === hmac(secret, text));
		});
		expect(signed).toEqual([[isCompact, !isCompact]]);
	});

	it('may be signed with the old secret for a while after a rotation', async () => {
		const { cobalt, client, receiver, secret } = await listening();
		cobalt.webhookSender.plan({ oldSecretForSeconds: 60, times: Infinity });
		const [webhook] = cobalt.world.webhooks();
		const reply = await client.post(`/webhook/${String(webhook?.id)}/rotate-secret`);
		const { secret: renewed } = reply.data.webhook as { secret: string };
		for (const seconds of [0, 59, 1]) {
			advanceSeconds(seconds);
			cobalt.world.addEvent(EVENT);
			await cobalt.delivered();
		}
		const signers = receiver.arrivals.map((one) =>
			[secret, renewed].findIndex((known) => isSigned(known, one)),
		);
		expect(signers).toEqual([0, 0, 1]);
	});

	it('is made twice when the event is, or when told', async () => {
		const { cobalt, client, receiver } = await listening();
		cobalt.webhookSender.plan({ isRepeated: true, type: 'again' });
		cobalt.world.addEvent({ type: 'twice', id: '1' }, { copies: 2 });
		cobalt.world.addEvent({ type: 'again', id: '2' });
		cobalt.world.addEvent({ type: 'again', id: '3' });
		await cobalt.delivered();
		expect(receiver.arrivals.map(({ body }) => body.id).sort()).toEqual(['1', '1', '2', '2', '3']);
		const attempts = receiver.arrivals.map(({ headers }) => headers['webhook-attempt']);
		expect(new Set(attempts)).toEqual(new Set(['1']));
		const listed = eventsOf(await client.get('/webhook-events'));
		expect(listed.map(({ id }) => id)).toEqual(['3', '2', '1', '1']);
		expect(listed.map((event) => event.delivery_attempts)).toEqual([1, 1, 1, 1]);
	});

	it('is made on this machine only', async () => {
		const { cobalt, client } = await openCobalt();
		await client.post('/webhook', { webhook_url: 'https://hooks.example.com/x' });
		cobalt.world.addEvent(EVENT);
		await cobalt.delivered();
		expect(cobalt.deliveries).toEqual([]);
		expect(eventsOf(await client.get('/webhook-events'))).toHaveLength(1);
	});

	it('is not repeated when it was refused', async () => {
		const { cobalt, receiver } = await listening({}, 400);
		cobalt.webhookSender.plan({ isRepeated: true });
		cobalt.world.addEvent(EVENT);
		await cobalt.delivered();
		expect(receiver.arrivals).toHaveLength(1);
	});

	it('is given up when Cobalt is closed', async () => {
		const { cobalt, receiver } = await listening({}, 'silence');
		cobalt.webhookSender.plan({ lateBySeconds: 3600, type: 'late' });
		cobalt.world.addEvent({ type: 'late' });
		cobalt.world.addEvent(EVENT);
		await vi.waitFor(() => {
			expect(receiver.silent).toBe(1);
		});
		await cobalt.close();
		await vi.waitFor(() => {
			expect(receiver.silent).toBe(0);
		});
		expect(cobalt.deliveries.map(({ status }) => status)).toEqual([undefined]);
		cobalt.world.addEvent(EVENT);
		await cobalt.delivered();
		expect(receiver.arrivals).toHaveLength(1);
	});
});

describe('a retry', () => {
	const outcomes: [Receiver['reactions'], unknown[], object][] = [
		[[500], [500, 200], { status: 'success', attempts: 2, responseStatusCode: 200 }],
		[[429, 503], [429, 503], { status: 'failed', attempts: 2, responseStatusCode: 503 }],
		[['cut'], ['network error', 200], { status: 'success', attempts: 2 }],
		[[404], [404], { status: 'failed', attempts: 1, responseStatusCode: 404 }],
		[[302], [302], { status: 'failed', attempts: 1, responseStatusCode: 302 }],
		[[204], [204], { status: 'success', attempts: 1, responseStatusCode: 204 }],
		[['silence'], ['timeout'], { status: 'failed', attempts: 1, responseStatusCode: null }],
		[[500, 'silence'], [500, 'timeout'], { status: 'failed', attempts: 2 }],
	];

	it.each(outcomes)('after %o', async (reactions, statuses, told) => {
		const { cobalt, receiver } = await listening({}, ...reactions);
		const start = Date.parse('2025-03-10T15:00:00.000Z');
		const end = await inVirtualTime(
			async () => {
				cobalt.world.addEvent(EVENT);
				await cobalt.delivered();
				return Date.now();
			},
			() => receiver.silent,
		);
		expect(cobalt.deliveries.map(({ status }) => status)).toEqual(statuses);
		expect(cobalt.deliveries.map(({ retried }) => retried)).toEqual(
			statuses.map((_status, index) => index < statuses.length - 1),
		);
		expect(receiver.arrivals.map(({ headers, at }) => [headers['webhook-attempt'], at])).toEqual(
			statuses.map((_status, index) => [String(index + 1), start + index * 1000]),
		);
		const limits = statuses.length === 1 ? 5000 : 2000;
		const waited = (statuses.length - 1) * 1000 + (statuses.at(-1) === 'timeout' ? limits : 0);
		expect(end - start).toBe(waited);
		expect(cobalt.world.events()[0]?.delivery).toMatchObject(told);
	});

	it('and a delay may be all that comes of a delivery', async () => {
		const { cobalt, receiver } = await listening();
		cobalt.webhookSender.plan({ isNever: true });
		cobalt.webhookSender.plan({ lateBySeconds: 90, url: receiver.url });
		await inVirtualTime(async () => {
			cobalt.world.addEvent({ type: 'never', id: '1' });
			cobalt.world.addEvent({ type: 'late', id: '2' });
			await cobalt.delivered();
		});
		const at = Date.parse('2025-03-10T15:01:30.000Z');
		expect(receiver.arrivals).toMatchObject([{ at, body: { id: '2' } }]);
		expect(cobalt.world.events().map(({ delivery }) => delivery)).toEqual([
			{
				url: receiver.url,
				status: 'failed',
				attempts: 2,
				lastAttempt: '2025-03-10T15:00:01.000Z',
				responseStatusCode: null,
			},
			{
				url: receiver.url,
				status: 'success',
				attempts: 1,
				lastAttempt: '2025-03-10T15:01:30.000Z',
				responseStatusCode: 200,
			},
		]);
	});
});

describe('the log of an event that went to several URLs', () => {
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
	])('plainly says %s once when they answer %s and %s', async (worst, one, other) => {
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
	])('with prefixes has a line for each: %s and %s', async (one, other, statuses) => {
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

describe('with a webhook, a job', () => {
	it('finishes by itself, when it is due', async () => {
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

	it('that was begun before is told of too, and none after the last URL is gone', async () => {
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

describe('registering', () => {
	freezeClock();

	it.each(['http://127.0.0.1:9/x', 'http://localhost/x', 'http://[::1]:9'])(
		'%s takes a switch',
		async (url) => {
			const strict = await openCobalt();
			const body = { webhook_url: url };
			expect((await strict.client.post('/webhook', body)).status).toBe(400);
			const { client } = await openCobalt({ loopbackWebhooks: true });
			expect((await client.post('/webhook', body)).status).toBe(200);
		},
	);

	it.each(['http://example.com', 'http://127.0.0.1.example.com', 'http://localhost@example.com/'])(
		'%s is refused nonetheless',
		async (url) => {
			const { client } = await openCobalt({ loopbackWebhooks: true });
			expect((await client.post('/webhook', { webhook_url: url })).status).toBe(400);
		},
	);

	it('is refused to accounts that may not', async () => {
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

	it('gives every URL the secret of the account, if that is how it is', async () => {
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
