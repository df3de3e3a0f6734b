import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SharedStore } from '../../../nodes/shared/dedupe/sharedStore.js';
import type { WriteKeys } from '../../../nodes/shared/dedupe/writeBatcher.js';
import { inVirtualTime } from '../../../tools/n8n-host/virtualTime.mts';

/** A list in a database, and who writes it. */
function database() {
	const list = new Set<string>();
	const calls: string[][] = [];
	const write = async (names: string[]) => {
		calls.push(names);
		const before = new Set(names.filter((name) => list.has(name)));
		await Promise.resolve();
		for (const name of names) list.add(name);
		return before;
	};
	return { list, calls, write };
}

/** It never comes back. */
const silent: WriteKeys = async () => await new Promise<never>(() => undefined);

const failing: WriteKeys = async () => {
	await Promise.resolve();
	return undefined;
};

describe('a store that several processes write', () => {
	it('returns the keys that were stored before', async () => {
		const { write } = database();
		await inVirtualTime(async () => {
			const shared = new SharedStore();
			expect(await shared.add(['a', 'b'], write)).toEqual(new Set());
			expect(await shared.add(['b', 'c'], write)).toEqual(new Set(['b']));
		});
	});

	it('stores the keys of 101 callers in three writes at most, and a repeated key is new to one', async () => {
		const { write, calls } = database();
		await inVirtualTime(async () => {
			const shared = new SharedStore();
			const first = shared.add(['first'], write);
			const others = Array.from({ length: 100 }, async () => await shared.add(['same'], write));
			expect(await first).toEqual(new Set());
			const [before, ...after] = await Promise.all(others);
			expect(before).toEqual(new Set());
			expect(new Set(after.flatMap((known) => [...(known ?? [])]))).toEqual(new Set(['same']));
		});
		// The first alone; the others, and a look for the first; a look for the others.
		expect(calls.length).toBeLessThanOrEqual(3);
	});

	it('writes keys again that another process has overwritten', async () => {
		const { write, list } = database();
		await inVirtualTime(async () => {
			const shared = new SharedStore();
			let isUndone = false;
			await shared.add(['a'], async (names) => {
				const before = await write(names);
				if (!isUndone) list.clear();
				isUndone = true;
				return before;
			});
			expect(list).toEqual(new Set(['a']));
			list.clear();
			await new Promise((resolve) => setTimeout(resolve, 600));
			expect(list).toEqual(new Set(['a']));
			list.clear();
			await new Promise((resolve) => setTimeout(resolve, 3_100));
			expect(list).toEqual(new Set(['a']));
		});
	});

	it('returns undefined when a write fails or hangs, and continues with the next', async () => {
		const { write, list } = database();
		await inVirtualTime(async () => {
			const shared = new SharedStore();
			expect(await shared.add(['a'], failing)).toBeUndefined();
			expect(await shared.add(['b'], silent)).toBeUndefined();
			expect(await shared.add(['c'], write)).toEqual(new Set());
			expect(list).toContain('c');
		});
	});

	it('stops writing keys that always vanish', async () => {
		let calls = 0;
		const forgetful = async () => {
			calls += 1;
			return await Promise.resolve(new Set<string>());
		};
		await inVirtualTime(async () => {
			expect(await new SharedStore().add(['a'], forgetful)).toEqual(new Set());
		});
		expect(calls).toBeLessThan(10);
	});
});

describe('a reservation', () => {
	/** Two processes, and how long each holds the list between reading and writing it; milliseconds. */
	function twoProcesses() {
		let list = new Set<string>();
		const pauseMs = async (ms: number) => {
			await new Promise((resolve) => setTimeout(resolve, ms));
		};
		const writer =
			(holdsMs: () => number): WriteKeys =>
			async (names) => {
				const read = new Set(list);
				await pauseMs(holdsMs());
				list = new Set([...read, ...names]);
				return new Set(names.filter((name) => read.has(name)));
			};
		const remove = async (names: string[]) => {
			await Promise.resolve();
			for (const name of names) list.delete(name);
		};
		return { writer, remove, pauseMs, list: () => list };
	}

	it('gives a reservation to one of two processes at most, however slow they are', async () => {
		const ms = fc.integer({ min: 0, max: 1_500 });
		await fc.assert(
			fc.asyncProperty(fc.array(ms, { minLength: 24, maxLength: 24 }), ms, async (holds, delay) => {
				const { writer, pauseMs } = twoProcesses();
				const write = writer(() => holds.pop() ?? 5);
				await inVirtualTime(async () => {
					const [one, other] = await Promise.all([
						new SharedStore().reserve(['a', 'b'], 'one', write),
						pauseMs(delay).then(async () => {
							return await new SharedStore().reserve(['b', 'c'], 'other', write);
						}),
					]);
					expect(one?.has('b') || other?.has('b')).toBe(true);
				});
			}),
			{ numRuns: 40 },
		);
	});

	it('reserves a free key while others write the store', async () => {
		const { writer, pauseMs } = twoProcesses();
		await inVirtualTime(async () => {
			const busy = new SharedStore();
			const reserved = new SharedStore().reserve(
				['a'],
				'own',
				writer(() => 30),
			);
			for (let count = 0; count < 20; count += 1) {
				void busy.add(
					[`${count}`],
					writer(() => 20),
				);
				await pauseMs(70);
			}
			expect(await reserved).toEqual(new Set());
		});
	});

	it('gives a reservation to the first of several callers in one process', async () => {
		const { writer } = twoProcesses();
		await inVirtualTime(async () => {
			const list = new SharedStore();
			const write = writer(() => 5);
			const all = await Promise.all(
				['x', 'y', 'z'].map(async (own) => await list.reserve(['a'], own, write)),
			);
			expect(all.map((had) => had?.has('a'))).toEqual([false, true, true]);
		});
	});

	it('gives a reservation to another process after it was removed', async () => {
		const { writer, remove, pauseMs, list } = twoProcesses();
		await inVirtualTime(async () => {
			const first = new SharedStore();
			const write = writer(() => 5);
			expect(await first.reserve(['a'], 'one', write)).toEqual(new Set());
			first.remove(['a'], remove);
			await pauseMs(5_000);
			expect(list()).not.toContain('a');
			expect(await new SharedStore().reserve(['a'], 'other', write)).toEqual(new Set());
		});
	});

	it('returns undefined when the store cannot be written', async () => {
		await inVirtualTime(async () => {
			expect(await new SharedStore().reserve(['a'], 'own', failing)).toBeUndefined();
			expect(await new SharedStore().reserve(['a'], 'own', silent)).toBeUndefined();
		});
	});
});
