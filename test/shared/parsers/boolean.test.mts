import { describe, expect, it } from 'vitest';

import { whenTrue } from '../../../nodes/shared/parsers/boolean.js';
import { expectRefused, NOTHING } from './reading.mts';

const context = { timezone: 'UTC' };

describe('a setting sent as a word', () => {
	const oldestFirst = whenTrue('created_at');

	it.each([true, 'true', ' TRUE\n'])('sends the word when the setting is on: %j', (value) => {
		expect(oldestFirst(value, context)).toBe('created_at');
	});

	it.each([false, 'false', ' False ', ...NOTHING])(
		'sends nothing when the setting is off: %j',
		(value) => {
			expect(oldestFirst(value, context)).toBeUndefined();
		},
	);

	it.each([
		['its own word', 'created_at'],
		['a word', 'yes'],
		['one', 1],
		['zero', 0],
		['an object', {}],
		['an empty array', []],
		['a flag in an array', [true]],
		['a Date', new Date(0)],
		['__proto__', '__proto__'],
		['an emoji', '😀'],
		['right-to-left text', 'صحيح'],
		['two lines', 'true\ntrue'],
		['10,000 letters', 'x'.repeat(10_000)],
	])('refuses a setting that is %s', (_, value) => {
		expectRefused(oldestFirst, value);
	});
});
