import { describe, expect, it } from 'vitest';

import { processStateOf } from '../../nodes/CobaltTrigger/processState.js';
import { Deliveries } from '../../nodes/CobaltTrigger/webhook/deliveries.js';

describe('deliveries', () => {
	it('remembers a delivery until it is removed', () => {
		const deliveries = new Deliveries();
		deliveries.add('a');
		expect(['a', 'b'].map((key) => deliveries.has(key))).toEqual([true, false]);
		deliveries.forget('a');
		deliveries.forget('b');
		expect(deliveries.has('a')).toBe(false);
	});

	it('remembers the last 10,000 deliveries', () => {
		const deliveries = new Deliveries();
		for (let id = 0; id < 100_000; id += 1) deliveries.add(String(id));
		const known = Array.from({ length: 100_000 }, (_, id) => deliveries.has(String(id)));
		expect(known.indexOf(true)).toBe(90_000);
		expect(known.filter(Boolean)).toHaveLength(10_000);
	});
});

describe('the process state of a trigger', () => {
	it('keeps the state of each trigger apart', () => {
		const state = processStateOf('w1', 'n1');
		expect(processStateOf('w1', 'n1')).toBe(state);
		for (const other of [
			processStateOf('w2', 'n1'),
			processStateOf('w1', 'n2'),
			processStateOf(undefined, 'n1'),
			processStateOf('w1', 'n1', true),
		]) {
			expect(other).not.toBe(state);
		}
	});

	it('keeps the state of the 2,000 triggers that were used last', () => {
		const first = processStateOf('w', 'first');
		const second = processStateOf('w', 'second');
		for (let id = 0; id < 1_999; id += 1) {
			processStateOf('w', `node ${id}`);
			expect(processStateOf('w', 'first')).toBe(first);
		}
		expect(processStateOf('w', 'second')).not.toBe(second);
	});
});
