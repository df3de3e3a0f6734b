import { describe, expect, it, vi } from 'vitest';

import {
	BOOKING,
	PATIENT,
	eventsOf,
	idsOf,
	openCobalt,
	advanceSeconds,
	freezeClock,
} from './setup.mts';

freezeClock();

describe('a job', () => {
	it('completes a job after its duration with an appointment and an event', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.ehrWorker.plan({ seconds: 10 });
		const { appointment_id, job_id } = idsOf(await client.post('/appointments', BOOKING));
		expect(appointment_id).toMatch(/^[0-9a-f]{32}$/);

		advanceSeconds(9.999);
		expect(cobalt.world.appointments()).toMatchObject([{ id: appointment_id, status: 'pending' }]);
		expect(eventsOf(await client.get('/webhook-events', { job_id }))).toEqual([]);

		advanceSeconds(60);
		const [event] = eventsOf(await client.get('/webhook-events', { job_id }));
		expect(event).toMatchObject({
			type: 'appointment.created',
			job_id: String(job_id),
			data: {
				appointment_id,
				mrn: '123456789',
				date_time: '2025-03-15T19:00:00.000Z',
				timezone: 'America/New_York',
				provider_id: cobalt.world.providers()[0]?.id,
				provider_name: 'Dr. Jose Gonzalez',
				secondary_provider_id: null,
			},
		});
		expect(Date.parse(String(event?.created))).toBe(Date.parse('2025-03-01T12:00:10Z'));
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(1);
		expect(cobalt.world.jobs()).toMatchObject([{ id: String(job_id), state: 'succeeded' }]);
	});

	it('fails a job with the planned reasons', async () => {
		const { cobalt, client } = await openCobalt();
		const reasons = [
			{ code: 'A', description: 'First.' },
			{ code: 'B', description: 'Second.' },
		];
		cobalt.ehrWorker.plan({ outcome: 'failure', reasons, match: ({ mrn }) => mrn === '804' });
		await client.post('/appointments', BOOKING);
		const { appointment_id } = idsOf(
			await client.post('/appointments', { ...BOOKING, mrn: '804' }),
		);
		advanceSeconds(600);
		const failed = eventsOf(
			await client.get('/webhook-events', { event_type: 'appointment.failed' }),
		);
		expect(failed.map(({ data }) => data)).toEqual([
			{ appointment_id, mrn: '804', failure_reason: 'First. Second.', reasons },
		]);
		expect(cobalt.world.appointments({ status: 'failed' })).toMatchObject([{ id: appointment_id }]);
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(1);
	});

	it('fails a job for an MRN and a visit type that the EHR does not know', async () => {
		const { cobalt, client } = await openCobalt();
		await client.post('/appointments', { ...BOOKING, mrn: '1' });
		await client.post('/appointments', { ...BOOKING, type: 'surgery' });
		advanceSeconds(600);
		const reasons = cobalt.world
			.events()
			.map(({ data }) => data as { reasons: { code: string }[] });
		expect(reasons.map(({ reasons: [reason] }) => reason?.code).sort()).toEqual([
			'PATIENT_NOT_FOUND',
			'VISIT_TYPE_NOT_FOUND',
		]);
	});

	it('does not book over another visit when asked not to', async () => {
		const { cobalt, client } = await openCobalt();
		const book = async (body: object) => {
			await client.post('/appointments', { ...BOOKING, duration: '30', ...body });
			advanceSeconds(600);
			return cobalt.world.events().at(-1);
		};
		const exclusive = { prevent_double_booking: 'true', datetime: '2025-03-15T14:29:00-05:00' };
		await book({});
		expect(await book(exclusive)).toMatchObject({
			type: 'appointment.failed',
			data: { conflict_type: 'appointment', conflict_details: expect.any(String) as string },
		});
		const free = { type: 'appointment.created' };
		expect(await book({ ...exclusive, provider: '118' })).toMatchObject(free);
		expect(await book({ ...exclusive, datetime: '2025-03-15T14:30:00-05:00' })).toMatchObject(free);
		expect(await book({ ...exclusive, prevent_double_booking: 'false' })).toMatchObject(free);
	});

	it('creates a patient once', async () => {
		const { cobalt, client } = await openCobalt();
		const first = idsOf(await client.post('/patients', PATIENT));
		advanceSeconds(600);
		const second = idsOf(await client.post('/patients', { ...PATIENT, first_name: 'ADA' }));
		advanceSeconds(600);
		const [patient] = cobalt.world.patients({ status: 'active', last_name: 'Byron' });
		expect(cobalt.world.events()).toMatchObject([
			{ type: 'patient.created', data: { patient_id: first.patient_id, mrn: patient?.mrn } },
			{
				type: 'patient.failed',
				data: {
					patient_id: second.patient_id,
					failure_reason: expect.stringMatching(/^Duplicate patient found\. /) as string,
				},
			},
		]);
		const { data } = await client.get('/patients', { last_name: 'byr' });
		expect(data.patients).toEqual([{ ...PATIENT, phone: null, mrn: patient?.mrn }]);
	});

	it("reads a clock time in the account's timezone", async () => {
		const { cobalt, client } = await openCobalt();
		const split = { datetime: undefined, date: '2025-07-01', time: '12:05 am' };
		await client.post('/appointments', { ...BOOKING, ...split });
		const [appointment] = cobalt.world.appointments();
		expect(Date.parse(String(appointment?.datetime))).toBe(Date.parse('2025-07-01T00:05-04:00'));
	});

	it('gives most jobs about the median duration, and some a much longer one', async () => {
		const { cobalt, client } = await openCobalt({ medianSeconds: 20 });
		for (let count = 0; count < 101; count++) await client.post('/appointments', BOOKING);
		const seconds = cobalt.world
			.jobs()
			.map(({ submittedAt, dueAt }) => (dueAt - submittedAt) / 1000)
			.sort((one, other) => one - other);
		expect(seconds[50]).toBeGreaterThan(15);
		expect(seconds[50]).toBeLessThan(26);
		expect(seconds[100]).toBeGreaterThan(60);
	});

	it('can list the event of a job late, twice or never', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.ehrWorker.plan({ seconds: 1, eventLateBySeconds: 30 });
		cobalt.ehrWorker.plan({ seconds: 2, duplicateEvent: true });
		cobalt.ehrWorker.plan({ seconds: 3, eventNeverListed: true });
		const jobs: unknown[] = [];
		for (let count = 0; count < 3; count++) {
			jobs.push(idsOf(await client.post('/appointments', BOOKING)).job_id);
		}
		const shown = async (job: unknown) =>
			eventsOf(await client.get('/webhook-events', { job_id: job })).map(({ id }) => id);
		advanceSeconds(20);
		expect(await shown(jobs[0])).toHaveLength(0);
		const [once, again] = await shown(jobs[1]);
		expect(once).toBeDefined();
		expect(again).toBe(once);
		advanceSeconds(1e6);
		expect(await shown(jobs[0])).toHaveLength(1);
		expect(await shown(jobs[2])).toHaveLength(0);
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(3);
	});

	it('can list the event of a job only for a query by its ID', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.ehrWorker.plan({ listedByJobIdOnly: true });
		const { job_id } = idsOf(await client.post('/appointments', BOOKING));
		await client.post('/appointments', BOOKING);
		advanceSeconds(600);
		const type = { event_type: 'appointment.created' };
		expect(eventsOf(await client.get('/webhook-events'))).toHaveLength(1);
		expect(eventsOf(await client.get('/webhook-events', type))).toHaveLength(1);
		expect(eventsOf(await client.get('/webhook-events', { job_id }))).toHaveLength(1);
		expect(cobalt.world.events()).toHaveLength(2);
	});
});

describe("Cobalt's own clock", () => {
	it.each([
		[90, '2025-03-02T00:00:50.000Z', '2025-03-02'],
		[-90, '2025-03-01T23:57:50.000Z', '2025-03-01'],
	])(
		'dates events and records when it is %d seconds ahead',
		async (clockSkewSeconds, written, day) => {
			vi.setSystemTime('2025-03-01T23:59:20Z');
			const { cobalt, client } = await openCobalt({ clockSkewSeconds });
			cobalt.ehrWorker.plan({ seconds: 10 });
			await client.post('/appointments', BOOKING);
			const [appointment] = cobalt.world.appointments();
			expect(Date.parse(String(appointment?.created_at))).toBe(Date.parse(written));
			expect(cobalt.world.jobs()).toMatchObject([{ submittedAt: Date.now() }]);

			const log = async (filter: object) => eventsOf(await client.get('/webhook-events', filter));
			advanceSeconds(9.999);
			expect(await log({})).toEqual([]);
			advanceSeconds(0.001);
			const [event] = await log({ start_date: day, end_date: day });
			expect(Date.parse(String(event?.created))).toBe(Date.parse(written) + 10_000);
			expect(await log({})).toHaveLength(1);
			expect(await log({ end_date: '2025-02-28' })).toEqual([]);
		},
	);
});

describe('an update of an appointment', () => {
	async function booked() {
		const { cobalt, client } = await openCobalt();
		const { appointment_id } = idsOf(await client.post('/appointments', BOOKING));
		const path = `/appointments/${String(appointment_id)}`;
		return { cobalt, client, update: (body: object) => client.patch(path, body) };
	}

	it('refuses other changes of a scheduled appointment, and unknown values', async () => {
		const { client, update } = await booked();
		advanceSeconds(600);
		expect((await update({ location: '2' })).data.message).toContain('request body: location');
		expect((await update({ status: 'cancelled' })).status).toBe(400);
		expect((await update({ date: '2025-03-15' })).status).toBe(400);
		expect((await update({})).status).toBe(400);
		expect((await client.patch('/appointments/0', { note: 'x' })).status).toBe(404);
	});

	it('accepts any change before the appointment is in the EHR', async () => {
		const { cobalt, update } = await booked();
		expect((await update({ location: '9' })).status).toBe(404);
		expect((await update({ status: 'CANC' })).status).toBe(400);
		const changes = { mrn: '804', provider: '118', appointment_datetime: BOOKING.datetime };
		expect((await update(changes)).status).toBe(200);
		advanceSeconds(600);
		expect(cobalt.world.events()).toContainEqual(
			expect.objectContaining({
				type: 'appointment.created',
				data: expect.objectContaining({
					mrn: '804',
					provider_name: 'Dr. Michael Denenberg',
				}) as object,
			}),
		);
	});
});
