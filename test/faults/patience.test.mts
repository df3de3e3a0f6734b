/** However long something does not work, an end comes, and not much later than promised. */
import { describe, expect, it } from 'vitest';

import type { Cobalt, Fault } from '../../tools/fake-cobalt/index.mts';
import { bookings, cobaltForTest, lookups, submissions } from '../Cobalt/setup.mts';
import { book, ON_LOOKUPS, ON_SUBMISSIONS, START, type BookOptions } from './setup.mts';
import { statusesOf } from './truth.mts';

const GOOD_FOR_NOTHING = { kind: 'slow', ms: 100_000, times: Infinity } as const;
const ON_LIST = { method: 'GET', path: '/appointments' } as const;

/** Seconds that a run takes, and what became of its items. */
async function timed(cobalt: Cobalt, options: BookOptions) {
	let endedAt = 0;
	const ended = await book(cobalt, {
		...options,
		meanwhile: ({ result }) => void result.then(() => (endedAt = Date.now())),
	});
	return { seconds: (endedAt - START) / 1000, statuses: new Set(statusesOf(ended)), ended };
}

describe('Search for the Appointment', () => {
	const options = { ifResponseLost: 'search' };

	it('gives up a list that does not respond as soon for fifty items as for one', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS, times: 50 });
		cobalt.faults.add({ ...GOOD_FOR_NOTHING, ...ON_LIST });
		const { seconds, statuses } = await timed(cobalt, { items: bookings(50), options });
		expect(statuses).toEqual(new Set(['unknown']));
		expect(seconds).toBeLessThan(120 + 30 + 30 + 1);
	});

	it('reports that the list could not be read', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS });
		cobalt.faults.add({ kind: 'status', status: 403, ...ON_LIST, times: Infinity });
		const { ended } = await timed(cobalt, { options });
		expect(JSON.stringify(ended.json('Cobalt', 1))).toContain('could not be read');
	});
});

describe('a Cobalt that asks to slow down for ever', () => {
	it.each<[string, Fault]>([
		['without a time', { kind: 'status', status: 429 }],
		['for half a minute', { kind: 'status', status: 429, headers: { 'retry-after': '30' } }],
		['for no time', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
	])('gives up a hundred items after a minute: %s', async (_, fault) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, ...ON_SUBMISSIONS, times: Infinity });
		const { seconds, statuses } = await timed(cobalt, { items: bookings(100) });
		expect(statuses).toEqual(new Set(['not_submitted']));
		expect(seconds).toBeLessThan(65);
		expect(submissions(cobalt)).toBeLessThan(330);
	});

	it('ends no job later than a minute after its deadline', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status: 429, ...ON_LOOKUPS, times: Infinity });
		const { seconds, statuses } = await timed(cobalt, { items: bookings(60) });
		expect(statuses).toEqual(new Set(['pending']));
		expect(seconds).toBeLessThan(120 + 61);
		expect(lookups(cobalt)).toBeLessThan(300);
	});
});

it('meets the deadlines when a page of the log takes a quarter of a minute', async () => {
	const cobalt = await cobaltForTest();
	cobalt.ehrWorker.plan({ seconds: 4_000, times: 100 });
	cobalt.faults.add({ kind: 'slow', ms: 15_000, path: '/webhook-events', times: Infinity });
	for (let index = 0; index < 3_000; index += 1) {
		cobalt.world.addEvent({ type: 'appointment.updated', created: '2025-03-10T14:59:30.000Z' });
	}
	const { seconds, statuses } = await timed(cobalt, { items: bookings(100), linger: 30 });
	expect(statuses).toEqual(new Set(['pending']));
	expect(seconds).toBeLessThan(120 + 61 + 15);
});
