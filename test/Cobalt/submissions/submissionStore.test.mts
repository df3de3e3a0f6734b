import { describe, expect, it } from 'vitest';

import type { Identity } from '../../../nodes/Cobalt/submissions/identity.js';
import { SubmissionStore, type Entry } from '../../../nodes/Cobalt/submissions/submissionStore.js';
import { begun, FAILED, identities, saved, SENDING, SUBMITTED } from './setup.mts';

const KEY = '0';

/** What a retry makes of items, after a run with others. */
function inRetry(before: Array<[item: string, entry?: Entry]>, ...items: string[]) {
	const context = {};
	const { store, keys } = begun(context, 0, ...before.map(([item]) => item));
	before.forEach(([, entry], index) => {
		if (entry) store.write(keys[index] ?? '', entry);
	});
	const retry = new SubmissionStore(saved(context), 0);
	return retry
		.assign(identities(...items))
		.map(({ key, status }) => (status === 'known' ? `known ${keys.indexOf(key)}` : status));
}

describe('the items of a retry', () => {
	const cases: Array<
		[what: string, before: Array<[string, Entry?]>, now: string[], expected: string[]]
	> = [
		[
			'are known',
			[
				['a>1', SUBMITTED],
				['b>2', SENDING],
			],
			['a>1', 'b>2'],
			['known 0', 'known 1'],
		],
		['are known by their items, whatever is sent', [['a>1', SUBMITTED]], ['a>9'], ['known 0']],
		['are known by what is sent, whatever they are', [['a>1', SUBMITTED]], ['z>1'], ['known 0']],
		['are known when they cannot be sent now', [['a>1', SUBMITTED]], ['a'], ['known 0']],
		['are known when they could not be sent then', [['a', SUBMITTED]], ['a>1'], ['known 0']],
		['are new when they failed', [['a>1', FAILED]], ['a>2'], ['new']],
		[
			'are new when they were not sent',
			[['a>1'], ['b>2', SUBMITTED]],
			['a>1', 'b>2'],
			['new', 'known 1'],
		],
		[
			'are known in another order',
			[
				['a>1', SUBMITTED],
				['b>2', SENDING],
			],
			['b>2', 'a>1'],
			['known 1', 'known 0'],
		],
		['are known after an insertion', [['a>1', SUBMITTED]], ['z>9', 'a>1'], ['new', 'known 0']],
		[
			'are known after a removal',
			[
				['a>1', SUBMITTED],
				['b>2', SENDING],
			],
			['b>2'],
			['known 1'],
		],
		['are in doubt when something else was submitted', [['a>1', SUBMITTED]], ['z>9'], ['doubtful']],
		[
			'are in doubt wherever they stand',
			[
				['a>1', SUBMITTED],
				['b>2', FAILED],
			],
			['b>2', 'z>9'],
			['new', 'doubtful'],
		],
		['are not in doubt because of what failed', [['a>1', FAILED]], ['z>9'], ['new']],
		[
			'are told apart when they are equal',
			[
				['a>1', SUBMITTED],
				['a>1', FAILED],
			],
			['a>1', 'a>1'],
			['known 0', 'new'],
		],
		[
			'are new as surplus, when equal ones are there',
			[['a>1', SUBMITTED]],
			['a>1', 'a>1'],
			['known 0', 'new'],
		],
		[
			'are told apart by what is sent, in another order',
			[
				['a>1', SUBMITTED],
				['a>2', SENDING],
			],
			['a>2', 'a>1'],
			['known 0', 'known 1'],
		],
	];

	it.each(cases)('items %s', (_what, before, now, expected) => {
		expect(inRetry(before, ...now)).toEqual(expected);
	});

	it('reuses nothing of another account, and resends only what failed there', () => {
		const context = {};
		const of = (account: string): Identity[] => [{ index: 0, item: 'a', request: '1', account }];
		const store = new SubmissionStore(context, 0);
		const [first] = store.assign(of('one'));
		store.begin();
		store.write(first?.key ?? '', SUBMITTED);
		expect(new SubmissionStore(saved(context), 0).assign(of('other'))[0]?.status).toBe(
			'otherAccount',
		);
		expect(new SubmissionStore(saved(context), 0).assign(of('one'))[0]?.status).toBe('known');
		store.write(first?.key ?? '', FAILED);
		expect(new SubmissionStore(saved(context), 0).assign(of('other'))[0]?.status).toBe('new');
	});

	it('recognizes an item again after its correction was submitted', () => {
		const context = {};
		const { store, keys } = begun(context, 0, 'a>1');
		store.write(keys[0] ?? '', FAILED);
		const second = new SubmissionStore(saved(context), 0);
		const [again] = second.assign(identities('z>1'));
		second.begin();
		second.write(again?.key ?? '', SUBMITTED);
		expect(second.assign(identities('z>9'))[0]).toMatchObject({ status: 'known' });
		expect(second.identityOf(again?.key ?? '')).toMatchObject({ item: 'z' });
	});
});

describe('the calls of an agent', () => {
	const call = (request: string): Identity => ({ index: 0, item: 'a', request });

	it('recognizes the same call of an agent, and no other', () => {
		const context = {};
		const store = new SubmissionStore(context, 0);
		const first = store.assignCall(call('1'));
		store.begin();
		store.write(first.key, SUBMITTED);
		expect(new SubmissionStore(context, 0).assignCall(call('1'))).toEqual({
			...first,
			status: 'known',
		});
		expect(new SubmissionStore(context, 0).assignCall(call('2')).status).toBe('new');
		store.write(first.key, FAILED);
		expect(new SubmissionStore(context, 0).assignCall(call('1')).status).toBe('new');
	});
});

describe('a changed call of an agent about the same subject', () => {
	const call = (request: string, execution: string, subject = 's'): Identity => {
		return { index: 0, item: 'a', request, subject, execution };
	};

	it.each<[entry: Entry, execution: string, expected: string]>([
		[{ ...SUBMITTED, state: 'completed' }, 'same', 'new'],
		[SUBMITTED, 'same', 'doubtful'],
		[SENDING, 'same', 'doubtful'],
		[{ state: 'unknown', reason: 'Lost' }, 'same', 'doubtful'],
		[FAILED, 'same', 'new'],
		[{ ...SUBMITTED, state: 'completed' }, 'other', 'doubtful'],
		[FAILED, 'other', 'new'],
	])('after a call with %j of the %s execution is %s', (entry, execution, expected) => {
		const context = {};
		const store = new SubmissionStore(context, 0);
		const { key } = store.assignCall(call('1', execution));
		store.begin();
		store.write(key, entry);
		const later = new SubmissionStore(saved(context), 0);
		expect(later.assignCall(call('2', 'same')).status).toBe(expected);
		expect(later.assignCall(call('2', 'same', 'another subject')).status).toBe('new');
	});
});

describe('a submission store', () => {
	it.each<Entry>([
		{ state: 'sending', sentAt: 1 },
		{ state: 'unknown', reason: 'Cobalt did not respond within 60 seconds', sentAt: 1 },
		{ state: 'unknown', reason: 'an earlier execution may already have submitted it' },
		{ state: 'submitted', receipt: {}, sentAt: 1 },
		{ state: 'completed', receipt: { jobId: '1' }, sentAt: 1 },
		{ state: 'failed', receipt: { jobId: '1', recordId: 'abc123' }, sentAt: 1 },
	])('returns what was written, even after it was saved: %j', (entry) => {
		const context = {};
		const { store } = begun(context, 0, 'a>1');
		store.write(KEY, entry);
		expect(store.read(KEY)).toEqual(entry);
		expect(new SubmissionStore(saved(context), 0).read(KEY)).toEqual(entry);
	});

	it('removes only one submission', () => {
		const store = new SubmissionStore({}, 0);
		store.write('a', SUBMITTED);
		store.write('b', SUBMITTED);
		store.forget('a');
		store.forget('never written');
		expect(store.read('a')).toBeUndefined();
		expect(store.read('b')).toEqual(SUBMITTED);
	});

	it('shares the entries among the tries of one run', () => {
		const context = {};
		begun(context, 3, 'a>1').store.write(KEY, SUBMITTED);
		expect(new SubmissionStore(context, 3).read(KEY)).toEqual(SUBMITTED);
	});

	it('separates the rounds of a loop', () => {
		const context = {};
		begun(context, 0, 'a>1').store.write(KEY, SUBMITTED);
		expect(new SubmissionStore(context, 1).read(KEY)).toBeUndefined();
		expect(new SubmissionStore(context, 0).read(KEY)).toEqual(SUBMITTED);
	});

	it('reads its entries from a saved execution', () => {
		const context = {};
		begun(context, 12, 'a>1').store.write(KEY, SUBMITTED);
		begun(context, 12, 'a>1').store.write('without ids', {
			state: 'completed',
			receipt: { jobId: undefined },
			sentAt: 1,
		});
		const retry = new SubmissionStore(saved(context), 12);
		expect(retry.read(KEY)).toEqual(SUBMITTED);
		expect(retry.read('without ids')).toEqual({
			state: 'completed',
			receipt: {},
			sentAt: 1,
		});
	});

	it('does not change anything else in the context', () => {
		const context = { rounds: 7, options: { done: false } };
		begun(context, 0, 'a>1').store.write(KEY, SUBMITTED);
		expect(context).toMatchObject({ rounds: 7, options: { done: false } });
	});

	it('does not grow with the rounds of a loop', () => {
		const context = {};
		const items = Array.from({ length: 10 }, (_, item) => `${item}>${item}`);
		const sizeAfter = (rounds: number) => {
			for (let run = 0; run < rounds; run += 1) {
				const { store, keys } = begun(context, run, ...items);
				for (const key of keys) store.write(key, SUBMITTED);
			}
			return JSON.stringify(context).length;
		};
		expect(sizeAfter(500)).toBeLessThan(1.2 * sizeAfter(30));
	});

	it('keeps the entries of the last rounds', () => {
		const context = {};
		const inRound = (run: number): Entry => ({
			state: 'submitted',
			receipt: { jobId: String(run) },
			sentAt: run,
		});
		for (let run = 0; run < 100; run += 1)
			begun(context, run, 'a>1').store.write(KEY, inRound(run));
		const retry = saved(context);
		for (const run of [99, 98, 90]) {
			expect(new SubmissionStore(retry, run).read(KEY)).toEqual(inRound(run));
		}
		expect(new SubmissionStore(retry, 0).read(KEY)).toBeUndefined();
	});
});

describe('entries of all runs', () => {
	it('knows a run after it has started', () => {
		const context = {};
		expect(new SubmissionStore(context, 0).isKnownRun).toBe(false);
		expect(new SubmissionStore(context, 0).isKnownRun).toBe(false);
		begun(context, 0, 'a>1');
		expect(new SubmissionStore(saved(context), 0).isKnownRun).toBe(true);
		expect(new SubmissionStore(saved(context), 1).isKnownRun).toBe(false);
	});

	it.each<[Entry, boolean]>([
		[SENDING, true],
		[{ state: 'unknown', reason: 'Lost' }, true],
		[SUBMITTED, false],
		[FAILED, false],
	])('finds an open submission of the same item in another run: %j', (entry, isOpen) => {
		const context = {};
		begun(context, 0, 'a>1').store.write('0', entry);
		for (const [item, isSame] of [
			['a>9', true],
			['z>1', true],
			['z>9', false],
		] as const) {
			const { store, keys } = begun(saved(context), 1, item);
			expect(store.isOpenElsewhere(keys[0] ?? '')).toBe(isOpen && isSame);
		}
	});

	it.each(['submitted', 'completed', 'failed'] as const)(
		'finds the record of a %s submission from any run, even after it was saved',
		(state) => {
			const context = {};
			const entry: Entry = { state, receipt: { jobId: '1', recordId: 'abc123' }, sentAt: 1 };
			begun(context, 3, 'a>1').store.write(KEY, entry);
			for (const run of [3, 4, 0]) {
				expect(new SubmissionStore(saved(context), run).hasRecord('abc123')).toBe(true);
				expect(new SubmissionStore(saved(context), run).hasRecord('abc')).toBe(false);
				expect(new SubmissionStore(saved(context), run).hasRecord('1')).toBe(false);
			}
		},
	);

	it('finds no record of an unknown, an unfinished or a removed submission', () => {
		const store = new SubmissionStore({}, 0);
		expect(store.hasRecord('abc123')).toBe(false);
		store.write('a', { state: 'sending', sentAt: 1 });
		store.write('b', { state: 'unknown', reason: 'abc123', sentAt: 1 });
		store.write('c', { state: 'submitted', receipt: { jobId: '1' }, sentAt: 1 });
		store.write('d', SUBMITTED);
		expect(store.hasRecord('abc123')).toBe(true);
		store.forget('d');
		expect(store.hasRecord('abc123')).toBe(false);
		expect(store.hasRecord('undefined')).toBe(false);
	});

	it('finds the record of a submission that failed and was sent again', () => {
		const store = new SubmissionStore({}, 0);
		store.write('a', { state: 'failed', receipt: { recordId: 'abc123' }, sentAt: 1 });
		store.write('a', { state: 'sending', sentAt: 2 });
		expect(store.hasRecord('abc123')).toBe(true);
		expect(store.hasRecord('abc123', 'another account')).toBe(false);
	});

	it('finds no record of rounds that ended long ago', () => {
		const context = {};
		begun(context, 0, 'a>1').store.write(KEY, SUBMITTED);
		expect(new SubmissionStore(context, 19).hasRecord('abc123')).toBe(true);
		expect(begun(context, 20, 'z').store.hasRecord('abc123')).toBe(false);
	});
});
