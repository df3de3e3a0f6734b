import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../tools/fake-cobalt/index.mts';
import {
	BOOKING,
	eventsOf,
	listOf,
	openCobalt,
	jobEventOf,
	advanceSeconds,
	freezeClock,
} from './setup.mts';

freezeClock();

describe('the list of appointments', () => {
	it('lists the appointments of the EHR by local day and filter', async () => {
		const { client } = await openCobalt();
		const late = '2025-03-15T23:30:00-04:00';
		await client.post('/appointments', {
			...BOOKING,
			datetime: late,
			note: 'Hello',
			duration: '45',
		});
		const find = async (filter: object = {}) => {
			const days = { start_date: '2025-03-15', end_date: '2025-03-15' };
			const { data } = await client.get('/appointments', { ...days, ...filter });
			return data.appointments as Record<string, unknown>[];
		};
		expect(await find()).toEqual([]);
		advanceSeconds(600);
		expect(await find()).toMatchObject([{ duration: 45, patient_name: 'Sam Taylor' }]);
		expect((await find())[0]).not.toHaveProperty('note');
		expect(await find({ include_note: 'true' })).toMatchObject([{ note: 'Hello' }]);
		expect(await find({ patient_name: 'tayl', appointment_mode: 'office' })).toHaveLength(1);
		expect(await find({ patient_mrn: '804' })).toEqual([]);
		expect(await find({ appointment_mode: 'telemedicine' })).toEqual([]);
		expect(await find({ patient_phone: '518-555-0200' })).toHaveLength(1);
		expect(await find({ start_date: '2025-03-16', end_date: '2025-03-17' })).toEqual([]);
		const { status, data } = await client.get('/appointments');
		expect(status).toBe(400);
		expect(data.message).toBe('Missing required parameters: start_date, end_date.');
	});

	it("distinguishes Cobalt's own appointments from those of the staff", async () => {
		const { cobalt, client } = await openCobalt();
		await client.post('/appointments', BOOKING);
		await client.post('/appointments', BOOKING);
		advanceSeconds(600);
		cobalt.world.addAppointment({
			patient_mrn: BOOKING.mrn,
			datetime: BOOKING.datetime,
			provider_ehr_id: '118',
			location: '2',
			appointment_type: 'follow_up',
		});
		const filter = { start_date: '2025-03-15', end_date: '2025-03-15', patient_mrn: BOOKING.mrn };
		const appointments = listOf(await client.get('/appointments', filter), 'appointments');
		const made = { source: 'cobalt_operation', created_at: '2025-03-01T12:00:00.000Z' };
		expect(appointments.map(({ object_metadata }) => object_metadata)).toEqual([made, made, null]);
		expect(appointments.map(({ created_at }) => created_at)).toEqual([
			made.created_at,
			made.created_at,
			'2025-03-01T12:10:00.000Z',
		]);
		expect(cobalt.world.appointments({ source: null })).toMatchObject([
			{
				status: 'scheduled',
				provider_ehr_id: '118',
				ehr_appointment_id: expect.any(String) as string,
			},
		]);
		const search = { search_by: 'mrn', mrn: BOOKING.mrn };
		const { data } = await jobEventOf(client, await client.post('/appointments/fetch', search));
		const found = data.appointments as Record<string, unknown>[];
		expect(found.map(({ created_by }) => created_by)).toEqual(['Cobalt', 'Cobalt', 'Front desk']);
	});
});

describe('the event log', () => {
	const addThree = ({ world }: Cobalt) => {
		world.addEvent({ type: 'a', id: '1', created: '2025-02-01T23:30:00-08:00', jobId: '7' });
		world.addEvent({ type: 'b', id: '2', created: '2025-02-01T10:00:00.000Z' });
		world.addEvent({ type: 'a', id: '3', created: '2025-02-03T10:00:00.000Z' });
	};

	it('filters, sorts and pages the event log', async () => {
		const { cobalt, client } = await openCobalt();
		addThree(cobalt);
		const find = async (query: object) =>
			eventsOf(await client.get('/webhook-events', query)).map(({ id }) => id);
		expect(await find({})).toEqual(['3', '1', '2']);
		expect(await find({ sort: 'created' })).toEqual(['2', '1', '3']);
		expect(await find({ event_type: 'a' })).toEqual(['3', '1']);
		expect(await find({ job_id: '7' })).toEqual(['1']);
		expect(await find({ start_date: '2025-02-02' })).toEqual(['3', '1']);
		expect(await find({ end_date: '2025-02-02' })).toEqual(['1', '2']);
		expect(await find({ page_size: 2, page: 2 })).toEqual(['2']);
		const { data } = await client.get('/webhook-events', { page: 9, event_type: 'none' });
		expect(data).toEqual({
			success: true,
			webhook_events: [],
			pagination: { current_page: 9, total_pages: 0, total_count: 0, page_size: 50 },
		});
	});

	it('can filter the event log by days of another timezone', async () => {
		const { cobalt, client } = await openCobalt({ dayZone: 'America/Los_Angeles' });
		addThree(cobalt);
		const reply = await client.get('/webhook-events', { end_date: '2025-02-01' });
		expect(eventsOf(reply).map(({ id }) => id)).toEqual(['1', '2']);
	});

	it.each([
		{ page: 0 },
		{ page: 'x' },
		{ page_size: 101 },
		{ sort: 'type' },
		{ sort: '-created_at' },
		{ status: 'delivered' },
		{ start_date: '2025-2-1' },
		{ end_date: '2025-02-30' },
	])('refuses the query %o', async (query) => {
		const { client } = await openCobalt();
		expect((await client.get('/webhook-events', query)).status).toBe(400);
	});

	it('lists equal times, and pages that shift', async () => {
		const { cobalt, client } = await openCobalt();
		const page = async (number: number) =>
			eventsOf(await client.get('/webhook-events', { page: number, page_size: 2 })).map(
				({ id }) => id,
			);
		for (const id of ['1', '2', '3', '4']) cobalt.world.addEvent({ type: 'x', id });
		expect(await page(1)).toEqual(['4', '3']);
		cobalt.world.addEvent({ type: 'x', id: '5' });
		expect(await page(2)).toEqual(['3', '2']);
	});

	it('filters events by delivery status, which is unrelated to the outcome', async () => {
		const { cobalt, client } = await openCobalt();
		for (let count = 0; count < 60; count++) cobalt.world.addEvent({ type: 'appointment.created' });
		const statuses = ['success', 'failed', 'pending'];
		const counts = await Promise.all(
			statuses.map(async (status) => {
				const reply = await client.get('/webhook-events', { status });
				expect(new Set(eventsOf(reply).map((event) => event.status))).toEqual(new Set([status]));
				return (reply.data.pagination as { total_count: number }).total_count;
			}),
		);
		expect(counts.reduce((sum, count) => sum + count)).toBe(60);
		const offsets = cobalt.world.events().map(({ created }) => created.slice(23));
		expect(new Set(offsets)).toEqual(new Set(['Z', '-08:00']));
	});
});
