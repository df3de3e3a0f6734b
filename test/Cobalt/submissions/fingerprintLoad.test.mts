import { expect, it } from 'vitest';

import { fingerprint } from '../../../nodes/Cobalt/submissions/fingerprint.js';

/** Each level holds the next one twice, without a copy: 2 to the power of the levels, written out. */
function doubling(levels: number): unknown {
	let value: unknown = 'core';
	for (let level = 0; level < levels; level += 1) value = { left: value, right: value };
	return value;
}

it('returns the same digest each time for a value that doubles at each level', () => {
	const digest = fingerprint(doubling(90));
	expect(digest).toMatch(/^[0-9a-f]{24}$/);
	expect(fingerprint(doubling(90))).toBe(digest);
});
