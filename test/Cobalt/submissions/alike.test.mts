import { describe, expect, it } from 'vitest';

import { SubmissionStore } from '../../../nodes/Cobalt/submissions/submissionStore.js';
import { begun, FAILED, saved, SENDING, SUBMITTED } from './setup.mts';

describe('submissions alike', () => {
	const alike = (store: SubmissionStore, key: string) =>
		store.alikeOf(key).map((entry) => entry.state);

	it('are those of other items with the same request that have not failed', () => {
		const { store, keys } = begun({}, 0, 'a>r', 'b>r', 'c>other', 'd>r', 'e>r');
		const [first = '', second = '', third = '', fourth = ''] = keys;
		expect(alike(store, first)).toEqual([]);
		store.write(first, SUBMITTED);
		store.write(second, SENDING);
		store.write(third, SUBMITTED);
		store.write(fourth, FAILED);
		expect(alike(store, first)).toEqual(['sending']);
		expect(alike(store, keys[4] ?? '')).toEqual(['submitted', 'sending']);
		store.forget(second);
		expect(alike(store, first)).toEqual([]);
	});

	it('are found in earlier runs, also after n8n has saved them', () => {
		const context = {};
		const { store, keys } = begun(context, 0, 'a>r');
		store.write(keys[0] ?? '', SUBMITTED);
		const later = begun(saved(context), 1, 'b>r');
		expect(alike(later.store, later.keys[0] ?? '')).toEqual(['submitted']);
	});

	it('are found when another store has written them to the same page since', () => {
		const context = {};
		const one = begun(context, 0, 'a>r');
		const other = begun(context, 0, 'z', 'b>r');
		const [, key = ''] = other.keys;
		expect(alike(other.store, key)).toEqual([]);
		one.store.write(one.keys[0] ?? '', SUBMITTED);
		expect(alike(other.store, key)).toEqual(['submitted']);
	});

	it('follow a submission whose request has changed', () => {
		const { store, keys } = begun({}, 0, 'a>r', 'b>r', 'c>new');
		const [first = '', second = '', third = ''] = keys;
		store.write(first, FAILED);
		store.renew(first, { index: 0, item: 'a', request: 'new' });
		store.write(first, SUBMITTED);
		expect(alike(store, second)).toEqual([]);
		expect(alike(store, third)).toEqual(['submitted']);
	});
});
