import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { eventOf } from '../../nodes/shared/events/event.js';
import { MAX_LEVELS, withinLevels } from '../../nodes/shared/nesting.js';

const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe('withinLevels', () => {
	it.each([0, 1, MAX_LEVELS - 1, MAX_LEVELS])('keeps a value that is %i levels deep', (levels) => {
		const value = levels === 0 ? 'text' : deep(levels);
		expect(withinLevels(value)).toBe(value);
	});

	it.each([MAX_LEVELS + 1, 4_000, 100_000])('cuts a value that is %i levels deep', (levels) => {
		const text = JSON.stringify(withinLevels({ mrn: '44235', list: [deep(levels)] }));
		expect(text).toMatch(/^\{"mrn":"44235","list":\[+"\[nested too deeply\]"\]+\}$/);
		expect(text.match(/[[{](?!nested)/g)).toHaveLength(MAX_LEVELS);
	});

	it('keeps everything else, whatever its keys', () => {
		fc.assert(
			fc.property(fc.json({ maxDepth: 4 }), (text) => {
				const value: unknown = JSON.parse(`{"__proto__":${text},"x":${text}}`);
				expect(withinLevels(value)).toBe(value);
				expect(JSON.stringify(withinLevels(value, 7))).toBe(JSON.stringify(value));
			}),
		);
		const cut = withinLevels<unknown>(JSON.parse('{"__proto__":{"id":"x","a":[1]}}'), 2);
		expect(JSON.stringify(cut)).toBe('{"__proto__":{"id":"x","a":"[nested too deeply]"}}');
	});

	it('keeps the rest of an event readable', () => {
		const event = eventOf({
			id: 'e1',
			type: 'task.created',
			data: { mrn: '44235', x: deep(9_999) },
		});
		expect(event).toMatchObject({ id: 'e1', type: 'task.created', data: { mrn: '44235' } });
		expect(JSON.stringify(event).length).toBeLessThan(2_000);
	});
});
