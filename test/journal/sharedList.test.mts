import { describe, expect, it } from 'vitest';

import { SharedList, type Write } from '../../dist/nodes/Cobalt/journal/sharedList.js';
import { inVirtualTime } from '../engine/virtualTime.mts';

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
const silent: Write = async () => await new Promise<never>(() => undefined);

const failing: Write = async () => {
	await Promise.resolve();
	return undefined;
};

describe('a list that several processes write', () => {
	it('tells what was in it before', async () => {
		const { write } = database();
		await inVirtualTime(async () => {
			const shared = new SharedList();
			expect(await shared.add(['a', 'b'], write)).toEqual(new Set());
			expect(await shared.add(['b', 'c'], write)).toEqual(new Set(['b']));
		});
	});

	it('is written by many at once in two calls, and who comes first has a name from nobody', async () => {
		const { write, calls } = database();
		await inVirtualTime(async () => {
			const shared = new SharedList();
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

	it('writes again what somebody else has undone, at once and for seconds', async () => {
		const { write, list } = database();
		await inVirtualTime(async () => {
			const shared = new SharedList();
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

	it('cannot tell what was in it when it fails, and does not hold anybody up for long', async () => {
		const { write, list } = database();
		await inVirtualTime(async () => {
			const shared = new SharedList();
			expect(await shared.add(['a'], failing)).toBeUndefined();
			expect(await shared.add(['b'], silent)).toBeUndefined();
			expect(await shared.add(['c'], write)).toEqual(new Set());
			expect(list).toContain('c');
		});
	});

	it('is given up when everything in it is always gone', async () => {
		let calls = 0;
		const forgetful = async () => {
			calls += 1;
			return await Promise.resolve(new Set<string>());
		};
		await inVirtualTime(async () => {
			expect(await new SharedList().add(['a'], forgetful)).toEqual(new Set());
		});
		expect(calls).toBeLessThan(10);
	});
});
