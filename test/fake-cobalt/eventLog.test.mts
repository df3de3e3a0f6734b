import { describe, expect, it } from 'vitest';

import { eventsOf, openCobalt, advanceSeconds, freezeClock, type Client } from './setup.mts';

freezeClock();

const NOW = Date.parse('2025-03-01T12:00:00Z');
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();

const idsOn = async (client: Client, query: object = {}) =>
	eventsOf(await client.get('/webhook-events', query)).map(({ id }) => id);

describe('any event', () => {
	it('finds an event by its job and by its type', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.world.addEvent({ type: 'a', id: '1', jobId: '7' });
		cobalt.world.addEvent({ type: 'b', id: '2', jobId: '7' });
		cobalt.world.addEvent({ type: 'a', id: '3', jobId: '8' }, { byJobIdOnly: true });
		cobalt.world.addEvent({ type: 'a', id: '4' });
		expect(await idsOn(client, { event_type: 'a' })).toEqual(['4', '1']);
		expect(await idsOn(client, { event_type: 'a', job_id: '7' })).toEqual(['1']);
		expect(await idsOn(client, { event_type: 'a', job_id: '8' })).toEqual(['3']);
		expect(await idsOn(client, { event_type: 'b', job_id: '8' })).toEqual([]);
		expect(await idsOn(client, { event_type: 'c' })).toEqual([]);
	});

	it('can list an event late, twice or never', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.world.addEvent({ type: 'x', id: 'late', created: at(-60) }, { lateBySeconds: 30 });
		cobalt.world.addEvent({ type: 'x', id: 'never' }, { lateBySeconds: Infinity });
		cobalt.world.addEvent({ type: 'x', id: 'twice', created: at(-40) }, { copies: 2 });
		cobalt.world.addEvent({ type: 'x', id: 'job', jobId: '7' }, { byJobIdOnly: true });
		advanceSeconds(29.999);
		expect(await idsOn(client)).toEqual(['twice', 'twice']);
		cobalt.world.addEvent({ type: 'x', id: 'early', created: at(-90) });
		advanceSeconds(0.001);
		expect(await idsOn(client)).toEqual(['twice', 'twice', 'late', 'early']);
		expect(await idsOn(client, { job_id: '7' })).toEqual(['job']);
		expect(cobalt.world.events().map(({ id }) => id)).toEqual([
			'late',
			'never',
			'twice',
			'twice',
			'job',
			'early',
		]);
	});

	it('lists a late event in its place among equal times', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.world.addEvent({ type: 'x', id: '1', created: at(0) }, { lateBySeconds: 10 });
		cobalt.world.addEvent({ type: 'x', id: '2', created: at(0) });
		advanceSeconds(10);
		expect(await idsOn(client, { sort: 'created' })).toEqual(['1', '2']);
	});

	it.each([[null], ['text'], [[1, 2]], [{ deep: { er: [{}] } }], [0]])(
		'keeps event data of any shape: %j',
		async (data) => {
			const { cobalt, client } = await openCobalt();
			cobalt.world.addEvent({ type: 'x', data });
			expect(eventsOf(await client.get('/webhook-events'))[0]?.data).toEqual(data);
		},
	);

	it.each(['plain', 'prefixed'] as const)(
		'can log an event of another clinic, spelled %s',
		async (spelling) => {
			const { cobalt, client } = await openCobalt({ spelling });
			cobalt.world.addEvent({ type: 'x', reference: 'clinic_2' });
			cobalt.world.addEvent({ type: 'x' });
			cobalt.world.settings.access_token_reference_id = 'renamed';
			cobalt.world.addEvent({ type: 'x' });
			const listed = eventsOf(await client.get('/webhook-events'));
			expect(listed.map((event) => event.access_token_reference_id)).toEqual([
				'renamed',
				'clinic_1',
				'clinic_2',
			]);
		},
	);
});

it('forgets old events', async () => {
	const { cobalt, client } = await openCobalt();
	for (const id of ['1', '2', '3', '4', '5', '6']) {
		cobalt.world.addEvent({ type: 'x', id, jobId: id, created: at(Number(id)) });
	}
	cobalt.world.addEvent({ type: 'x', id: 'late', created: at(2) }, { lateBySeconds: 10 });
	const page = { page_size: 2, page: 2, sort: 'created' };
	expect(await idsOn(client, page)).toEqual(['3', '4']);
	cobalt.world.forgetEvents(NOW + 3000);
	expect(await idsOn(client, page)).toEqual(['5', '6']);
	expect(await idsOn(client, { job_id: '2' })).toEqual([]);
	expect(await idsOn(client, { job_id: '3' })).toEqual(['3']);
	advanceSeconds(10);
	expect(await idsOn(client)).toEqual(['6', '5', '4', '3']);
	cobalt.world.addEvent({ type: 'x', id: 'old news', created: at(1) });
	expect(await idsOn(client, page)).toEqual(['4', '5']);
	expect(cobalt.world.events()).toHaveLength(8);
});

it('can be read page by page with years of events while new ones arrive', async () => {
	const { cobalt, client } = await openCobalt();
	const start = performance.now();
	const count = 100_000;
	// Every seventh out of order.
	for (let index = 0; index < count; index++) {
		const seconds = index % 7 === 0 ? -index : index - count;
		cobalt.world.addEvent({ type: 'x', id: String(index), created: at(seconds) });
	}
	let previous = Infinity;
	let seen = 0;
	for (let page = 1; page <= count / 100; page++) {
		const { data } = await client.get('/webhook-events', { page, page_size: 100 });
		const events = data.webhook_events as { created: string }[];
		const times = events.map(({ created }) => Date.parse(created));
		expect([previous, ...times]).toEqual([previous, ...times].sort((one, other) => other - one));
		previous = times.at(-1) ?? NaN;
		seen += events.length;
		if (page % 10 === 0) cobalt.world.addEvent({ type: 'y', created: at(-count * 2) });
	}
	expect(seen).toBe(count);
	const { data } = await client.get('/webhook-events', { event_type: 'y', status: 'success' });
	expect((data.pagination as { total_count: number }).total_count).toBeGreaterThan(30);
	// Takes a few seconds on an idle machine, and would take minutes if each page sorted the log.
	expect(performance.now() - start).toBeLessThan(60_000);
});
