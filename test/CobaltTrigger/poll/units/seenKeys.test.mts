import { describe, expect, it } from 'vitest';

import {
	areSavedKeys,
	mergeKeys,
	SeenKeys,
} from '../../../../nodes/CobaltTrigger/poll/seenKeys.js';

const SECOND = 1_741_618_800;
const NOTHING: ReadonlySet<string> = new Set();

const keyOf = (id: number): string => String(id).padStart(10, '0');
const timestampOf = (second: number, ms = 0): number => (SECOND + second) * 1000 + ms;

/** One key in each of as many seconds. */
function onePerSecond(count: number): SeenKeys {
	const keys = new SeenKeys({});
	for (let id = 0; id < count; id += 1) keys.add(keyOf(id), timestampOf(id));
	return keys;
}

describe('SeenKeys', () => {
	it('knows the keys that were saved, and those that were added', () => {
		const keys = new SeenKeys({ [SECOND]: keyOf(1) + keyOf(2) });
		keys.add(keyOf(3), timestampOf(5));
		expect([1, 2, 3, 4].map((id) => keys.has(keyOf(id)))).toEqual([true, true, true, false]);
	});

	it('saves keys by the second of their event, and reads them back', () => {
		const keys = new SeenKeys({ [SECOND]: keyOf(1) });
		keys.add(keyOf(2), timestampOf(0, 999));
		keys.add(keyOf(3), timestampOf(1));
		const { others } = keys.select({ from: 0, indispensableFrom: Infinity, batch: NOTHING });
		expect(others).toEqual({ [SECOND]: keyOf(1) + keyOf(2), [SECOND + 1]: keyOf(3) });
		const again = new SeenKeys(others);
		expect([1, 2, 3].every((id) => again.has(keyOf(id)))).toBe(true);
	});

	it('saves the keys of a batch apart from all others', () => {
		const keys = new SeenKeys({ [SECOND]: keyOf(1) });
		keys.add(keyOf(2), timestampOf(0));
		const batch = new Set([keyOf(2)]);
		expect(keys.select({ from: 0, indispensableFrom: Infinity, batch })).toMatchObject({
			batch: { [SECOND]: keyOf(2) },
			others: { [SECOND]: keyOf(1) },
		});
	});

	it('leaves out the seconds before the moment from which keys are needed', () => {
		const selected = onePerSecond(4).select({
			from: timestampOf(2, 500),
			indispensableFrom: Infinity,
			batch: NOTHING,
		});
		expect(Object.keys(selected.others).map(Number)).toEqual([SECOND + 2, SECOND + 3]);
		expect(selected.completeFrom).toBe(timestampOf(2, 500));
	});

	it('drops the oldest seconds as a whole when there is no room, and says from when it is complete', () => {
		const keys = onePerSecond(10_000);
		const selected = keys.select({
			from: timestampOf(0),
			indispensableFrom: timestampOf(10_000),
			batch: NOTHING,
		});
		const seconds = Object.keys(selected.others).map(Number);
		expect(JSON.stringify(selected.others).length).toBeLessThanOrEqual(120_001);
		expect(seconds.length).toBeGreaterThan(4_000);
		expect(seconds.length).toBeLessThan(10_000);
		expect(Math.min(...seconds) * 1000).toBe(selected.completeFrom);
		expect(Math.max(...seconds)).toBe(SECOND + 9_999);
	});

	it('saves indispensable keys even if there is no room for them', () => {
		const selected = onePerSecond(10_000).select({
			from: timestampOf(0),
			indispensableFrom: timestampOf(1_000),
			batch: NOTHING,
		});
		expect(Object.keys(selected.others)).toHaveLength(9_000);
		expect(selected.completeFrom).toBe(timestampOf(1_000));
	});
});

it('mergeKeys keeps the keys of both, also those of the same second', () => {
	const merged = mergeKeys({ 1: keyOf(1), 2: keyOf(2) }, { 2: keyOf(3), 3: keyOf(4) });
	expect(merged).toEqual({ 1: keyOf(1), 2: keyOf(2) + keyOf(3), 3: keyOf(4) });
});

it.each<[boolean, unknown]>([
	[true, {}],
	[true, { [SECOND]: 'abcdefghij', '-5': '' }],
	[false, { [SECOND]: 7 }],
	[false, { yesterday: 'abcdefghij' }],
	[false, undefined],
])('areSavedKeys is %s for %j', (isSaved, value) => {
	expect(areSavedKeys(value)).toBe(isSaved);
});
