import { describe, expect, it } from 'vitest';

import type { Identity } from '../../../nodes/Cobalt/submissions/identity.js';
import { SubmissionStore, type Entry } from '../../../nodes/Cobalt/submissions/submissionStore.js';

const SUBMITTED: Entry = {
	state: 'submitted',
	receipt: { jobId: '67890', recordId: 'abc123' },
	sentAt: 1_741_608_000_000,
};

const FAILED: Entry = { ...SUBMITTED, state: 'failed' };

const SENDING: Entry = { state: 'sending', sentAt: 1 };

/** As n8n saves the context with the execution and reads it back for a retry. */
const saved = (context: Record<string, unknown>) =>
	JSON.parse(JSON.stringify(context)) as Record<string, unknown>;

/** Items with their requests: 'a' is an item, 'a>b' one of which b is sent. */
const identities = (...texts: string[]): Identity[] =>
	texts.map((text, index) => {
		const [item = '', request] = text.split('>');
		return { index, item, ...(request !== undefined && { request }) };
	});

/** A store of a run, begun with these items. */
function begun(context: Record<string, unknown>, run: number, ...items: string[]) {
	const store = new SubmissionStore(context, run);
	const keys = store.assign(identities(...items)).map(({ key }) => key);
	store.begin();
	return { store, keys };
}

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
