import { describe, expect, it } from 'vitest';

import { LruCache } from '../../nodes/shared/lruCache.js';

describe('LruCache', () => {
	it('makes the value of each key once', () => {
		const cache = new LruCache(10, () => ({}));
		const first = cache.get('a');
		expect(cache.get('a')).toBe(first);
		expect(cache.get('b')).not.toBe(first);
	});

	it('forgets the value that was not used for the longest when there are too many', () => {
		const cache = new LruCache(2, () => ({}));
		const [first, second] = [cache.get('a'), cache.get('b')];
		expect(cache.get('a')).toBe(first);
		cache.get('c');
		expect(cache.get('a')).toBe(first);
		expect(cache.get('b')).not.toBe(second);
	});
});
