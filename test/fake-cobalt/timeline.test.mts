import fc from 'fast-check';
import { expect, it } from 'vitest';

import { Timeline, type Dated } from '../../tools/fake-cobalt/world/timeline.mts';

const time = fc.integer({ min: 0, max: 9 });
const step = fc.oneof(
	fc.record({ add: time }),
	fc.record({ drop: time }),
	fc.record({ from: time, to: time, isBackwards: fc.boolean(), start: time, end: time }),
);

it('returns the same records as a list that is sorted for each read', () => {
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const timeline = new Timeline<Dated>();
			let list: Dated[] = [];
			for (const [turn, one] of steps.entries()) {
				if ('add' in one) {
					timeline.add({ at: one.add, turn });
					list = [...list, { at: one.add, turn }].sort((left, right) => left.at - right.at);
				} else if ('drop' in one) {
					timeline.dropBefore(one.drop);
					list = list.filter(({ at }) => at >= one.drop);
				} else {
					const { from, to, isBackwards, start, end } = one;
					const expected = list.filter(({ at }) => at >= from && at <= to);
					if (isBackwards) expected.reverse();
					const stretch = timeline.between(from, to, isBackwards);
					expect(stretch.length).toBe(expected.length);
					expect(stretch.slice(start, end)).toEqual(expected.slice(start, Math.max(start, end)));
				}
			}
		}),
	);
});
