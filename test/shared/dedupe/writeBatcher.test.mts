import { expect, it } from 'vitest';

import { WriteBatcher, type WriteKeys } from '../../../nodes/shared/dedupe/writeBatcher.js';
import { inVirtualTime } from '../../../tools/n8n-host/virtualTime.mts';

const pauseMs = async (ms: number) => {
	await new Promise((resolve) => setTimeout(resolve, ms));
};

/** A list, and what was done to it, in order. */
function database(takesMs = 10) {
	const list = new Set<string>();
	const calls: string[] = [];
	const write: WriteKeys = async (names) => {
		calls.push(`+${names.join()}`);
		const before = new Set(names.filter((name) => list.has(name)));
		await pauseMs(takesMs);
		for (const name of names) list.add(name);
		return before;
	};
	const remove = async (names: string[]) => {
		calls.push(`-${names.join()}`);
		await pauseMs(takesMs);
		for (const name of names) list.delete(name);
	};
	return { list, calls, write, remove };
}

const failing: WriteKeys = async () => await Promise.reject(new Error('No such table'));

/** It never comes back. */
const silent = async (): Promise<undefined> => {
	await new Promise(() => undefined);
	return undefined;
};

it('writes in one call what waits while another call is in flight', async () => {
	const { calls, list, write } = database();
	await inVirtualTime(async () => {
		const batcher = new WriteBatcher();
		const first = batcher.write(['a'], write);
		await pauseMs(1);
		await Promise.all([
			first,
			batcher.write(['b', 'c'], write),
			batcher.write(['c', 'd'], write),
			batcher.write(['d'], write),
		]);
	});
	expect(calls).toEqual(['+a', '+b,c,d']);
	expect([...list]).toEqual(['a', 'b', 'c', 'd']);
});

it('returns to each caller of a batch the keys from before it and those of earlier callers', async () => {
	const { list, write } = database();
	list.add('b');
	await inVirtualTime(async () => {
		const batcher = new WriteBatcher();
		const [first, second] = await Promise.all([
			batcher.write(['a', 'b'], write),
			batcher.write(['a', 'c'], write),
		]);
		expect(first).toEqual({ found: new Set(['b']), before: new Set(['b']), tookMs: 10 });
		expect(second).toEqual({ found: new Set(['b']), before: new Set(['a']), tookMs: 10 });
	});
});

it('waits a random time before it writes vanished keys again', async () => {
	const { calls, write } = database();
	await inVirtualTime(async () => {
		const batcher = new WriteBatcher();
		const begun = Date.now();
		for (let time = 0; time < 20; time += 1) await batcher.write(['a'], write, true);
		const waitedMs = Date.now() - begun - 20 * 10;
		expect(waitedMs).toBeGreaterThan(0);
		expect(waitedMs).toBeLessThanOrEqual(20 * 100);
	});
	expect(calls).toHaveLength(20);
});

it('returns undefined to all callers of a failed batch, and continues with the next', async () => {
	const { list, write } = database();
	await inVirtualTime(async () => {
		const batcher = new WriteBatcher();
		for (const broken of [failing, silent]) {
			const lost = await Promise.all([batcher.write(['a'], write), batcher.write(['b'], broken)]);
			expect(lost).toEqual([undefined, undefined]);
		}
		expect(await batcher.write(['c'], write)).toMatchObject({ before: new Set() });
	});
	expect([...list]).toEqual(['c']);
});

it('removes keys in one call, before it writes', async () => {
	const { calls, list, remove, write } = database();
	await inVirtualTime(async () => {
		const batcher = new WriteBatcher();
		void batcher.write(['a', 'b', 'c'], write);
		await pauseMs(1);
		const written = batcher.write(['a'], write);
		batcher.remove(['a', 'b'], remove);
		batcher.remove(['b', 'c'], remove);
		expect(await written).toMatchObject({ found: new Set() });
	});
	expect(calls).toEqual(['+a,b,c', '-a,b,c', '+a']);
	expect([...list]).toEqual(['a']);
});

it('writes despite a removal that fails or hangs', async () => {
	const { list, write } = database();
	await inVirtualTime(async () => {
		const batcher = new WriteBatcher();
		batcher.remove(['x'], async () => {
			await Promise.reject(new Error('No such table'));
		});
		expect(await batcher.write(['a'], write)).toBeDefined();
		batcher.remove(['x'], silent);
		expect(await batcher.write(['b'], write)).toBeDefined();
	});
	expect([...list]).toEqual(['a', 'b']);
});
