import axios from 'axios';
import { describe, expect, it, vi } from 'vitest';

import type { Fault } from '../../tools/fake-cobalt/index.mts';
import {
	BOOKING,
	PATIENT,
	openCobalt,
	advanceSeconds,
	type Client,
	freezeClock,
} from './setup.mts';

freezeClock();

describe('a fault', () => {
	const failing = (path: string, client: Client) =>
		client.post(path, BOOKING).then(
			() => 'answered',
			(error: unknown) => (axios.isAxiosError(error) ? error.code : error),
		);

	it.each<[Fault, number, unknown, number]>([
		[{ kind: 'status', status: 503, body: 'Busy' }, 503, 'Busy', 0],
		[{ kind: 'status', status: 429, body: { a: 1 } }, 429, { a: 1 }, 0],
		[{ kind: 'statusAfterAccept', status: 502, body: '' }, 502, '', 1],
		[{ kind: 'html' }, 200, expect.stringContaining('<html>'), 1],
		[{ kind: 'empty' }, 200, '', 1],
		[{ kind: 'truncated' }, 200, expect.stringMatching(/^\{"success":true,.*[^}]$/), 1],
		[{ kind: 'slow', ms: 20 }, 200, expect.objectContaining({ success: true }), 1],
		[{ kind: 'redirect', location: 'http://127.0.0.1:1/' }, 307, '', 0],
	])('responds once as planned: %o', async (fault, status, body, accepted) => {
		const { cobalt, client } = await openCobalt();
		cobalt.faults.add(fault);
		const reply = await client.post('/appointments', BOOKING);
		expect({ status: reply.status, body: reply.data }).toEqual({ status, body });
		expect(cobalt.world.appointments()).toHaveLength(accepted);
		expect((await client.post('/appointments', BOOKING)).data).toMatchObject({ success: true });
		expect(cobalt.world.requests().map((request) => request.status)).toEqual([status, 200]);
	});

	it.each<[Fault, number]>([
		[{ kind: 'drop' }, 0],
		[{ kind: 'dropAfterAccept' }, 1],
	])('cuts the connection once: %o', async (fault, accepted) => {
		const { cobalt, client } = await openCobalt();
		cobalt.faults.add(fault);
		expect(await failing('/appointments', client)).toBe('ECONNRESET');
		expect(cobalt.world.appointments()).toHaveLength(accepted);
		expect(cobalt.world.requests()).toMatchObject([{ body: BOOKING }]);
		expect(cobalt.world.requests()[0]?.status).toBeUndefined();
	});

	it('cuts the connection in the middle of a response', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.faults.add({ kind: 'cut' });
		await expect(client.get('/settings')).rejects.toThrow('aborted');
		expect((await client.get('/settings')).status).toBe(200);
		expect(cobalt.world.requests().map(({ status }) => status)).toEqual([200, 200]);
	});

	it('applies a fault only where, when and as often as planned', async () => {
		const { cobalt, client } = await openCobalt();
		const statuses: number[] = [];
		cobalt.faults.add({ kind: 'status', status: 500, method: 'GET', after: 1, times: 2 });
		cobalt.faults.add({ kind: 'status', status: 502, path: /^\/patients$/, times: Infinity });
		cobalt.faults.add({ kind: 'status', status: 504, path: '/appointments' });
		for (const path of ['/settings', '/settings', '/patients', '/settings', '/patients']) {
			statuses.push((await client.get(path)).status);
		}
		expect(statuses).toEqual([200, 500, 500, 200, 502]);
		expect((await client.patch('/appointments/0', {})).status).toBe(504);
		cobalt.faults.clear();
		expect((await client.get('/patients')).status).toBe(200);
	});

	it('sends the headers of a fault', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.faults.add({ kind: 'status', status: 429, headers: { 'Retry-After': '7' } });
		expect((await client.get('/settings')).headers).toMatchObject({ 'retry-after': '7' });
	});
});

describe('latency', () => {
	/** Real milliseconds until the answer is there. */
	async function timeOf(request: Promise<unknown>): Promise<number> {
		const start = performance.now();
		await request;
		return performance.now() - start;
	}

	it('delays every response, but not the work', async () => {
		const { cobalt, client } = await openCobalt({ latencyMs: 300 });
		const time = timeOf(client.post('/appointments', BOOKING));
		await vi.waitFor(() => {
			expect(cobalt.world.appointments()).toHaveLength(1);
			expect(cobalt.faults.heldBack).toBe(1);
		});
		expect(await time).toBeGreaterThan(290);
		expect(cobalt.faults.heldBack).toBe(0);
	});

	it('replaces the latency by the delay of a slow fault', async () => {
		const { cobalt, client } = await openCobalt({ latencyMs: 60_000 });
		cobalt.faults.add({ kind: 'slow', ms: 20 });
		expect(await timeOf(client.get('/settings'))).toBeLessThan(30_000);
	});

	it('stops delaying when the client hangs up', async () => {
		const { cobalt } = await openCobalt({ latencyMs: 60_000 });
		const stopper = new AbortController();
		const response = fetch(`${cobalt.url}/v1/settings`, { signal: stopper.signal });
		response.catch(() => undefined);
		await vi.waitFor(() => {
			expect(cobalt.faults.heldBack).toBe(1);
		});
		stopper.abort();
		await vi.waitFor(() => {
			expect(cobalt.faults.heldBack).toBe(0);
		});
	});
});

describe('the world', () => {
	it('remembers requests and returns copies', async () => {
		const { cobalt, client } = await openCobalt();
		const { world } = cobalt;
		await client.post('/appointments', BOOKING);
		await client.get('/webhook-events', { job_id: 1 });
		await client.get('/appointment/1');
		expect(world.requests({ method: 'POST' })).toMatchObject([
			{ path: '/appointments', route: '/appointments', body: BOOKING, status: 200 },
		]);
		expect(world.requests({ path: '/webhook-events' })).toMatchObject([
			{ query: { job_id: '1' }, at: Date.now() },
		]);
		expect(world.requests({ path: '/appointment' })).toMatchObject([{ status: 404 }]);
		for (const appointment of world.appointments()) appointment.status = 'gone';
		expect(world.appointments({ status: 'pending' })).toHaveLength(1);
	});

	it('reports every request with its response, or without one when the connection is cut', async () => {
		const told: unknown[] = [];
		const { cobalt, client } = await openCobalt({
			onRequest: ({ path }, response) => told.push([path, response?.status, response?.body]),
		});
		await client.get('/webhook-events');
		cobalt.faults.add({ kind: 'drop' });
		await client.get('/settings').catch(() => undefined);
		expect(told).toEqual([
			['/webhook-events', 200, expect.objectContaining({ webhook_events: [] })],
			['/settings', undefined, undefined],
		]);
	});

	it('repeats the same history for the same seed', async () => {
		const history = async (seed: number) => {
			const { cobalt, client } = await openCobalt({ seed });
			vi.setSystemTime('2025-03-01T12:00:00Z');
			for (const mrn of ['804', '44235', '1'])
				await client.post('/appointments', { ...BOOKING, mrn });
			await client.post('/patients', PATIENT);
			advanceSeconds(600);
			const { world } = cobalt;
			return [world.appointments(), world.patients(), world.jobs(), world.events()];
		};
		const first = await history(1);
		expect(await history(1)).toEqual(first);
		expect(await history(2)).not.toEqual(first);
	});

	it('uses no timers', async () => {
		vi.useFakeTimers({ now: 0, toFake: ['Date', 'setTimeout', 'setInterval', 'setImmediate'] });
		const { cobalt, client } = await openCobalt();
		await client.post('/appointments', BOOKING);
		vi.advanceTimersByTime(600_000);
		expect(cobalt.world.appointments()).toMatchObject([{ status: 'scheduled' }]);
	});
});
