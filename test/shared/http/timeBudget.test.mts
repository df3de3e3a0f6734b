import { expect, it, vi } from 'vitest';

import { createClient } from '../../../nodes/shared/http/client.js';
import { withTimeBudget } from '../../../nodes/shared/http/timeBudget.js';
import type { Cobalt, CobaltOptions } from '../../../tools/fake-cobalt/index.mts';
import { loadOptionsContext } from '../../../tools/n8n-host/picker.mts';
import { inVirtualTime } from '../../../tools/n8n-host/virtualTime.mts';
import { cobaltForTest, credentialOf } from '../../Cobalt/setup.mts';

const READ = { method: 'GET', path: '/settings' } as const;

type Work = Parameters<typeof withTimeBudget>[2];

interface Ended {
	value?: unknown;
	error?: { message: string; httpCode?: string };
	/** Seconds. */
	took: number;
	/** Timers that are left a second later. */
	timers: number;
}

async function within(cobalt: Cobalt, timeMs: number, work: Work): Promise<Ended> {
	return await inVirtualTime(
		async () => {
			const begun = Date.now();
			const ended = await withTimeBudget(
				createClient(loadOptionsContext({ credential: credentialOf(cobalt) })),
				timeMs,
				work,
			).then(
				(value) => ({ value }),
				(error: unknown) => ({ error: error as Ended['error'] }),
			);
			const took = (Date.now() - begun) / 1000;
			await new Promise((resolve) => setTimeout(resolve, 1_001));
			return { ...ended, took, timers: vi.getTimerCount() };
		},
		() => cobalt.faults.heldBack,
	);
}

const cobaltThat = async (
	fault: Parameters<Cobalt['faults']['add']>[0],
	options?: CobaltOptions,
) => {
	const cobalt = await cobaltForTest(options);
	cobalt.faults.add(fault);
	return cobalt;
};

const requestsOf = (cobalt: Cobalt) => cobalt.world.requests().length;

it('returns the result of the work, and leaves no timer behind', async () => {
	const cobalt = await cobaltForTest();
	const ended = await within(cobalt, 60_000, async (send, over) => {
		const { success } = await send(READ);
		return [success, over.aborted];
	});
	expect(ended).toEqual({ value: [true, false], took: 0, timers: 0 });
});

it('throws the error of the work unchanged', async () => {
	const cobalt = await cobaltForTest();
	const ended = await within(cobalt, 60_000, () => Promise.reject(new TypeError('x')));
	expect(ended).toMatchObject({ error: { message: 'x' }, took: 0, timers: 0 });
});

it('repeats a read after a failure that may pass', async () => {
	const cobalt = await cobaltThat({ kind: 'status', status: 503, times: 2 });
	const ended = await within(cobalt, 60_000, async (send) => (await send(READ)).success);
	expect(ended).toMatchObject({ value: true, took: 3, timers: 0 });
	expect(requestsOf(cobalt)).toBe(3);
});

it.each([400, 401, 404])('does not repeat a read after HTTP %i', async (status) => {
	const cobalt = await cobaltThat({ kind: 'status', status });
	const ended = await within(cobalt, 60_000, async (send) => await send(READ));
	expect(ended).toMatchObject({ error: { httpCode: String(status) }, took: 0, timers: 0 });
	expect(requestsOf(cobalt)).toBe(1);
});

it('cancels a request when the time is over', async () => {
	const cobalt = await cobaltThat({ kind: 'slow', ms: 50_000 });
	const ended = await within(cobalt, 5_000, async (send) => await send(READ));
	expect(ended.error?.message).toBe('Cobalt did not respond within 5 seconds');
	expect(ended.took).toBe(5);
	expect(requestsOf(cobalt)).toBe(1);
});

it('limits a later request to the remaining time', async () => {
	const cobalt = await cobaltForTest({ latencyMs: 2_000 });
	const ended = await within(cobalt, 5_000, async (send) => {
		for (;;) await send(READ);
	});
	expect(ended.error?.message).toMatch(/^Cobalt did not respond within a second/);
	expect(ended.took).toBe(5);
	expect(requestsOf(cobalt)).toBe(3);
});

it('starts no request when the time is over, and says so', async () => {
	const cobalt = await cobaltForTest();
	const ended = await within(cobalt, 5_000, async (send, over) => {
		await new Promise((resolve) => setTimeout(resolve, 6_000));
		return [over.aborted, await send(READ)];
	});
	expect(ended.error?.message).toBe('Cobalt is responding too slowly');
	expect(requestsOf(cobalt)).toBe(0);
});

it('returns what the work has read when the time is over', async () => {
	const cobalt = await cobaltForTest({ latencyMs: 2_000 });
	const ended = await within(cobalt, 5_000, async (send) => {
		let read = 0;
		const readOn = async () => {
			for (; ; read += 1) await send(READ);
		};
		await readOn().catch(() => undefined);
		return read;
	});
	expect(ended).toMatchObject({ value: 2, took: 5 });
});

it('does not wait beyond its time when Cobalt asks to slow down', async () => {
	const cobalt = await cobaltThat({
		kind: 'status',
		status: 429,
		headers: { 'retry-after': '30' },
	});
	const ended = await within(cobalt, 10_000, async (send) => await send(READ));
	expect(ended).toMatchObject({ error: { httpCode: '429' }, took: 10, timers: 0 });
	expect(requestsOf(cobalt)).toBe(1);
});

it('gives up after a minute when Cobalt keeps asking to slow down', async () => {
	const cobalt = await cobaltThat({ kind: 'status', status: 429, times: Infinity });
	const ended = await within(cobalt, 300_000, async (send) => {
		return await Promise.all(Array.from({ length: 5 }, async () => await send(READ)));
	});
	expect(ended).toMatchObject({ error: { httpCode: '429' }, timers: 0 });
	expect(ended.took).toBeLessThanOrEqual(61);
	expect(requestsOf(cobalt)).toBeLessThan(60);
});
