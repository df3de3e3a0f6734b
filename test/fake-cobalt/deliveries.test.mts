import { createHmac } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';

import type { CobaltOptions, DeliveryPlan } from '../../tools/fake-cobalt/index.mts';
import { inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import { EVENT, listening, openReceiver, registered, type Receiver } from './receiver.mts';
import { eventsOf, openCobalt, advanceSeconds, freezeClock } from './setup.mts';

const hmac = (secret: string, text: string) =>
	createHmac('sha256', secret).update(text).digest('hex');

/** As the documents' sample checks it: over the body parsed and written again. */
const isSigned = (secret: string, { raw, headers }: Receiver['arrivals'][number]) =>
	headers['cobalt-verification'] === hmac(secret, JSON.stringify(JSON.parse(raw)));

describe('a delivery', () => {
	freezeClock();

	it('delivers the documented envelope and headers', async () => {
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
	])('delivers live-fetch events in their own envelope with %o', async (options, own) => {
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

	it('delivers to every URL until it is removed', async () => {
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
	])('can deliver a body with whitespace: %o', async (plan, isCompact) => {
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

	it('can sign with the old secret for a while after a rotation', async () => {
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

	it('delivers an event twice when it is logged twice, or when a plan says so', async () => {
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

	it('delivers to this machine only', async () => {
		const { cobalt, client } = await openCobalt();
		await client.post('/webhook', { webhook_url: 'https://hooks.example.com/x' });
		cobalt.world.addEvent(EVENT);
		await cobalt.delivered();
		expect(cobalt.deliveries).toEqual([]);
		expect(eventsOf(await client.get('/webhook-events'))).toHaveLength(1);
	});

	it('does not repeat a delivery that was refused', async () => {
		const { cobalt, receiver } = await listening({}, 400);
		cobalt.webhookSender.plan({ isRepeated: true });
		cobalt.world.addEvent(EVENT);
		await cobalt.delivered();
		expect(receiver.arrivals).toHaveLength(1);
	});

	it('gives up deliveries when Cobalt is closed', async () => {
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

describe('a second attempt', () => {
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

	it.each(outcomes)('retries a delivery, or not, after %o', async (reactions, statuses, told) => {
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

	it('can delay a delivery, or never make it', async () => {
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
