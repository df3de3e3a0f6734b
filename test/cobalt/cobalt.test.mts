import axios, { type AxiosInstance } from 'axios';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startCobalt, type Cobalt, type CobaltOptions, type Fault } from './index.mts';

const BOOKING = {
	mrn: '123456789',
	location: '123456789',
	datetime: '2025-03-15T14:00:00-05:00',
	provider: '123456789',
	type: 'follow_up',
};
const PATIENT = { first_name: 'Ada', last_name: 'Byron', dob: '1990-12-10', sex: 'female' };

interface Reply {
	status: number;
	headers: Record<string, unknown>;
	data: Record<string, unknown>;
}

interface Client {
	get(path: string, params?: object): Promise<Reply>;
	post(path: string, body: unknown, contentType?: string): Promise<Reply>;
	patch(path: string, body: unknown): Promise<Reply>;
}

function connect(cobalt: Cobalt, keys: object = headersOf(cobalt)): Client {
	const http: AxiosInstance = axios.create({
		baseURL: `${cobalt.url}/v1`,
		headers: { ...keys },
		validateStatus: () => true,
		maxRedirects: 0,
	});
	return {
		get: (path, params) => http.get(path, { params }),
		post: (path, body, contentType = 'application/json') =>
			http.post(path, body, { headers: { 'content-type': contentType } }),
		patch: (path, body) => http.patch(path, body),
	};
}

function headersOf({ keys }: Cobalt) {
	return {
		client_id: keys.clientId,
		client_secret: keys.clientSecret,
		access_token: keys.accessToken,
	};
}

/** A Cobalt of its own for one test. */
async function open(options?: CobaltOptions): Promise<{ cobalt: Cobalt; client: Client }> {
	const cobalt = await startCobalt(options);
	onTestFinished(() => cobalt.close());
	return { cobalt, client: connect(cobalt) };
}

function pass(seconds: number): void {
	vi.setSystemTime(Date.now() + seconds * 1000);
}

/** What is there whatever the dialect: the ids of a submission. */
function idsOf({ data }: Reply): Record<string, unknown> {
	return (data.data ?? data) as Record<string, unknown>;
}

function eventsOf({ data }: Reply): Record<string, unknown>[] {
	return data.webhook_events as Record<string, unknown>[];
}

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['Date'], now: new Date('2025-03-01T12:00:00Z') });
});

afterEach(() => {
	vi.useRealTimers();
});

describe('the door', () => {
	it.each(['client_id', 'client_secret', 'access_token'])('wants the right %s', async (name) => {
		const { cobalt } = await open();
		const wrong = connect(cobalt, { ...headersOf(cobalt), [name]: 'wrong' });
		const missing = connect(cobalt, { ...headersOf(cobalt), [name]: undefined });
		const refused = {
			status: 401,
			data: { success: false, message: expect.any(String) as string },
		};
		expect(await wrong.get('/settings')).toMatchObject(refused);
		expect(await missing.post('/appointments', BOOKING)).toMatchObject(refused);
		expect(cobalt.world.jobs()).toEqual([]);
	});

	it('says login_required when the EHR login has expired', async () => {
		const { cobalt, client } = await open();
		cobalt.world.settings.loginExpired = true;
		const { status, data } = await client.get('/settings');
		expect(status).toBe(403);
		expect(data).toEqual({
			success: false,
			error: 'login_required',
			message: 'Account link expired. Please go through the integration setup again.',
		});
	});

	it('does not know other paths', async () => {
		const { client } = await open();
		for (const path of ['/nowhere', '/appointments/', '/visit-types']) {
			expect(await client.get(path)).toMatchObject({ status: 404, data: { success: false } });
		}
	});

	it('shows settings, providers and locations as documented', async () => {
		const { client } = await open();
		const { data: settings } = await client.get('/settings');
		expect(Object.keys(settings.data as object)).toEqual([
			'access_token_reference_id',
			'visit_types',
			'visit_statuses',
			'required_patient_fields',
			'timezone',
		]);
		const { data: providers } = await client.get('/providers');
		expect(providers.providers).toHaveLength(3);
		expect(providers.providers).toContainEqual(
			expect.objectContaining({ ehr_id: '123456789', hide_in_availability: false }),
		);
		const { data: locations } = await client.get('/locations');
		expect(locations.locations).toHaveLength(2);
	});
});

describe('a body', () => {
	const without = (...names: string[]) =>
		Object.fromEntries(Object.entries(BOOKING).filter(([name]) => !names.includes(name)));

	it.each([
		['nothing', {}, 'Missing required field: mrn'],
		['no start', without('datetime'), 'Missing required field: datetime'],
		['a date only', { ...without('datetime'), date: '2025-03-15' }, 'Missing required field: time'],
		['an empty value', { ...BOOKING, type: '' }, 'Missing required field: type'],
		['a null', { ...BOOKING, provider: null }, 'Missing required field: provider'],
		['a stranger', { ...BOOKING, colour: 1 }, 'Unexpected fields in request body: colour'],
		['a name that objects inherit', { ...BOOKING, toString: '' }, 'body: toString'],
		['both starts', { ...BOOKING, date: '2025-03-15', time: '2:00 pm' }, 'Send either'],
		['a number', { ...BOOKING, mrn: 123456789 }, 'field: mrn'],
		['a boolean flag', { ...BOOKING, new_patient: true }, 'field: new_patient'],
		['a boolean flag', { ...BOOKING, prevent_double_booking: false }, 'field: prevent_double'],
		['a number of minutes', { ...BOOKING, duration: 30 }, 'field: duration'],
		['minutes in words', { ...BOOKING, duration: '30 min' }, 'field: duration'],
		['UTC as Z', { ...BOOKING, datetime: '2025-03-15T14:00:00Z' }, 'field: datetime'],
		['no offset', { ...BOOKING, datetime: '2025-03-15T14:00:00' }, 'field: datetime'],
		['milliseconds', { ...BOOKING, datetime: '2025-03-15T14:00:00.000-05:00' }, 'datetime'],
		['no such day', { ...BOOKING, datetime: '2025-02-30T14:00:00-05:00' }, 'field: datetime'],
		['no such date', { ...without('datetime'), date: '2025-02-29', time: '2:00 pm' }, 'date'],
		['24 hours', { ...without('datetime'), date: '2025-03-15', time: '14:00' }, 'field: time'],
		['24 hours', { ...without('datetime'), date: '2025-03-15', time: '10:00' }, 'field: time'],
		['no object', [BOOKING], 'JSON object'],
	])('with %s is refused', async (_what, body, message) => {
		const { cobalt, client } = await open();
		const { status, data } = await client.post('/appointments', body);
		expect(status).toBe(400);
		expect(data).toEqual({ success: false, message: expect.stringContaining(message) as string });
		expect(cobalt.world.appointments()).toEqual([]);
	});

	it.each([
		['broken JSON', '{"mrn":', 'application/json'],
		['a form', 'mrn=1', 'application/x-www-form-urlencoded'],
		['nothing', '', 'application/json'],
	])('that is %s is refused', async (_what, body, contentType) => {
		const { client } = await open();
		expect((await client.post('/appointments', body, contentType)).status).toBe(400);
	});

	it.each(['location', 'provider', 'secondary_provider'])(
		'may not name an unknown %s',
		async (name) => {
			const { client } = await open();
			const reply = await client.post('/appointments', { ...BOOKING, [name]: '999' });
			expect(reply).toMatchObject({ status: 404, data: { success: false } });
		},
	);

	it('for a patient needs what the account requires, and known values', async () => {
		const { cobalt, client } = await open();
		cobalt.world.settings.required_patient_fields.push('phone');
		const refused = async (body: object) => (await client.post('/patients', body)).data.message;
		expect(await refused(PATIENT)).toBe('Missing required field: phone');
		const withPhone = { ...PATIENT, phone: '5551234567' };
		expect(await refused({ ...withPhone, sex: 'f' })).toContain('sex');
		expect(await refused({ ...withPhone, dob: '1990-02-30' })).toContain('dob');
		expect(await refused({ ...withPhone, zip: '1' })).toBe(
			'Unexpected fields in request body: zip',
		);
		expect(await refused({ ...withPhone, check_eligibility: true })).toContain('check_eligibility');
		expect((await client.post('/patients', withPhone)).status).toBe(200);
	});
});

describe('a job', () => {
	it('takes its time and ends in an appointment and an event', async () => {
		const { cobalt, client } = await open();
		cobalt.robot.plan({ seconds: 10 });
		const { appointment_id, job_id } = idsOf(await client.post('/appointments', BOOKING));
		expect(appointment_id).toMatch(/^[0-9a-f]{32}$/);

		pass(9.999);
		expect(cobalt.world.appointments()).toMatchObject([{ id: appointment_id, status: 'pending' }]);
		expect(eventsOf(await client.get('/webhook-events', { job_id }))).toEqual([]);

		pass(60);
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

	it('fails as planned', async () => {
		const { cobalt, client } = await open();
		const reasons = [
			{ code: 'A', description: 'First.' },
			{ code: 'B', description: 'Second.' },
		];
		cobalt.robot.plan({ outcome: 'failure', reasons, match: ({ mrn }) => mrn === '804' });
		await client.post('/appointments', BOOKING);
		const { appointment_id } = idsOf(
			await client.post('/appointments', { ...BOOKING, mrn: '804' }),
		);
		pass(600);
		const failed = eventsOf(
			await client.get('/webhook-events', { event_type: 'appointment.failed' }),
		);
		expect(failed.map(({ data }) => data)).toEqual([
			{ appointment_id, mrn: '804', failure_reason: 'First. Second.', reasons },
		]);
		expect(cobalt.world.appointments({ status: 'failed' })).toMatchObject([{ id: appointment_id }]);
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(1);
	});

	it('fails for an MRN and a visit type that the EHR does not know', async () => {
		const { cobalt, client } = await open();
		await client.post('/appointments', { ...BOOKING, mrn: '1' });
		await client.post('/appointments', { ...BOOKING, type: 'surgery' });
		pass(600);
		const reasons = cobalt.world
			.events()
			.map(({ data }) => data as { reasons: { code: string }[] });
		expect(reasons.map(({ reasons: [reason] }) => reason?.code).sort()).toEqual([
			'PATIENT_NOT_FOUND',
			'VISIT_TYPE_NOT_FOUND',
		]);
	});

	it('does not book over another visit when asked not to', async () => {
		const { cobalt, client } = await open();
		const book = async (body: object) => {
			await client.post('/appointments', { ...BOOKING, duration: '30', ...body });
			pass(600);
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
		const { cobalt, client } = await open();
		const first = idsOf(await client.post('/patients', PATIENT));
		pass(600);
		const second = idsOf(await client.post('/patients', { ...PATIENT, first_name: 'ADA' }));
		pass(600);
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

	it('reads a clock time in the timezone of the account', async () => {
		const { cobalt, client } = await open();
		const split = { datetime: undefined, date: '2025-07-01', time: '12:05 am' };
		await client.post('/appointments', { ...BOOKING, ...split });
		const [appointment] = cobalt.world.appointments();
		expect(Date.parse(String(appointment?.datetime))).toBe(Date.parse('2025-07-01T00:05-04:00'));
	});

	it('lasts about the median, and sometimes much longer', async () => {
		const { cobalt, client } = await open({ medianSeconds: 20 });
		for (let count = 0; count < 101; count++) await client.post('/appointments', BOOKING);
		const seconds = cobalt.world
			.jobs()
			.map(({ submittedAt, dueAt }) => (dueAt - submittedAt) / 1000)
			.sort((one, other) => one - other);
		expect(seconds[50]).toBeGreaterThan(15);
		expect(seconds[50]).toBeLessThan(26);
		expect(seconds[100]).toBeGreaterThan(60);
	});

	it('may show its event late, twice or never', async () => {
		const { cobalt, client } = await open();
		cobalt.robot.plan({ seconds: 1, eventLateBySeconds: 30 });
		cobalt.robot.plan({ seconds: 2, duplicateEvent: true });
		cobalt.robot.plan({ seconds: 3, eventNeverListed: true });
		const jobs: unknown[] = [];
		for (let count = 0; count < 3; count++) {
			jobs.push(idsOf(await client.post('/appointments', BOOKING)).job_id);
		}
		const shown = async (job: unknown) =>
			eventsOf(await client.get('/webhook-events', { job_id: job })).map(({ id }) => id);
		pass(20);
		expect(await shown(jobs[0])).toHaveLength(0);
		const [once, again] = await shown(jobs[1]);
		expect(once).toBeDefined();
		expect(again).toBe(once);
		pass(1e6);
		expect(await shown(jobs[0])).toHaveLength(1);
		expect(await shown(jobs[2])).toHaveLength(0);
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(3);
	});
});

describe('updating an appointment', () => {
	async function booked() {
		const { cobalt, client } = await open();
		const { appointment_id } = idsOf(await client.post('/appointments', BOOKING));
		const path = `/appointments/${String(appointment_id)}`;
		return { cobalt, client, update: (body: object) => client.patch(path, body) };
	}

	it('changes status and note of a scheduled one, later', async () => {
		const { cobalt, update } = await booked();
		pass(600);
		const reply = await update({ status: 'CANC', note: 'Called.' });
		expect(reply.data).toMatchObject({
			success: true,
			message: 'Appointment updated successfully',
		});
		expect(cobalt.world.appointments({ status: 'CANC' })).toHaveLength(0);
		pass(600);
		expect(cobalt.world.appointments({ status: 'CANC', note: 'Called.' })).toHaveLength(1);
		expect(cobalt.world.events().at(-1)).toMatchObject({
			type: 'appointment.updated',
			jobId: String(idsOf(reply).job_id),
			data: { patient_mrn: '123456789', updated_fields: { status: 'CANC', note: 'Called.' } },
		});
	});

	it('refuses more of a scheduled one, and what the account does not know', async () => {
		const { client, update } = await booked();
		pass(600);
		expect((await update({ location: '2' })).data.message).toContain('request body: location');
		expect((await update({ status: 'cancelled' })).status).toBe(400);
		expect((await update({ date: '2025-03-15' })).status).toBe(400);
		expect((await update({})).status).toBe(400);
		expect((await client.patch('/appointments/0', { note: 'x' })).status).toBe(404);
	});

	it('changes any attribute before it is in the EHR', async () => {
		const { cobalt, update } = await booked();
		expect((await update({ location: '9' })).status).toBe(404);
		expect((await update({ status: 'CANC' })).status).toBe(400);
		const changes = { mrn: '804', provider: '118', appointment_datetime: BOOKING.datetime };
		expect((await update(changes)).status).toBe(200);
		pass(600);
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

	it('tells a failure, and leaves the appointment as it was', async () => {
		const { cobalt, update } = await booked();
		pass(600);
		cobalt.robot.plan({ kind: 'appointment.update', outcome: 'failure', failureReason: 'Locked.' });
		await update({ note: 'x' });
		pass(600);
		expect(cobalt.world.appointments({ status: 'scheduled', note: null })).toHaveLength(1);
		expect(cobalt.world.events().at(-1)).toMatchObject({
			type: 'appointment.failed',
			data: { failure_reason: 'Locked.' },
		});
	});
});

describe('reading', () => {
	it('lists what is in the EHR, by local day and filter', async () => {
		const { client } = await open();
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
		pass(600);
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

	it('gives one appointment by id, as an object', async () => {
		const { client } = await open();
		const { appointment_id } = idsOf(await client.post('/appointments', BOOKING));
		const { data } = await client.get(`/appointment/${String(appointment_id)}`);
		expect(data.appointments).toMatchObject({ id: appointment_id, status: 'pending' });
		expect((await client.get('/appointment/0')).status).toBe(404);
	});

	it('pages through patients', async () => {
		const { client } = await open();
		const { data } = await client.get('/patients', { page: 2, page_size: 3 });
		expect(data.patients).toMatchObject([{ mrn: 'MRN123456' }]);
		const totals = { current_page: 2, total_pages: 2, total_count: 4, page_size: 3 };
		expect(data.pagination).toEqual(totals);
	});
});

describe('the event log', () => {
	const addThree = ({ world }: Cobalt) => {
		world.addEvent({ type: 'a', id: '1', created: '2025-02-01T23:30:00-08:00', jobId: '7' });
		world.addEvent({ type: 'b', id: '2', created: '2025-02-01T10:00:00.000Z' });
		world.addEvent({ type: 'a', id: '3', created: '2025-02-03T10:00:00.000Z' });
	};

	it('filters, sorts and pages', async () => {
		const { cobalt, client } = await open();
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

	it('reads days in another zone when told', async () => {
		const { cobalt, client } = await open({ dayZone: 'America/Los_Angeles' });
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
	])('refuses %o', async (query) => {
		const { client } = await open();
		expect((await client.get('/webhook-events', query)).status).toBe(400);
	});

	it('lets equal times and shifting pages happen', async () => {
		const { cobalt, client } = await open();
		const page = async (number: number) =>
			eventsOf(await client.get('/webhook-events', { page: number, page_size: 2 })).map(
				({ id }) => id,
			);
		for (const id of ['1', '2', '3', '4']) cobalt.world.addEvent({ type: 'x', id });
		expect(await page(1)).toEqual(['4', '3']);
		cobalt.world.addEvent({ type: 'x', id: '5' });
		expect(await page(2)).toEqual(['3', '2']);
	});

	it('tells of deliveries, whatever the outcome was', async () => {
		const { cobalt, client } = await open();
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

describe('a dialect', () => {
	it('spells events plainly', async () => {
		const { cobalt, client } = await open();
		cobalt.world.addEvent({ type: 'patient.updated', data: { mrn: '804' } });
		expect(eventsOf(await client.get('/webhook-events'))).toEqual([
			{
				id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
				access_token_reference_id: 'clinic_1',
				object: 'event',
				created: expect.any(String) as string,
				type: 'patient.updated',
				status: expect.any(String) as string,
				delivered: expect.any(Boolean) as boolean,
				delivery_attempts: expect.any(Number) as number,
				last_delivery_attempt: expect.anything() as string,
				response_status_code: expect.any(Number) as number,
				data: { mrn: '804' },
			},
		]);
	});

	it('spells events with prefixes', async () => {
		const { cobalt, client } = await open({ spelling: 'prefixed' });
		cobalt.world.addEvent({ type: 'x', id: '1', jobId: '7', created: '2025-01-01T00:00:00.000Z' });
		for (let count = 0; count < 20; count++) cobalt.world.addEvent({ type: 'y' });
		const oldest = await client.get('/webhook-events', { sort: 'created_at', page_size: 1 });
		expect(eventsOf(oldest)).toEqual([
			{
				event_id: '1',
				event_type: 'x',
				webhook_url: expect.any(String) as string,
				delivery_status: expect.any(String) as string,
				data: {},
				created_at: '2025-01-01T00:00:00.000Z',
				job_id: '7',
				access_token_reference_id: 'clinic_1',
			},
		]);
		const failed = eventsOf(await client.get('/webhook-events', { delivery_status: 'failed' }));
		expect(failed.length).toBeGreaterThan(0);
		expect(failed.length).toBeLessThan(21);
		expect(eventsOf(await client.get('/webhook-events', { status: 'failed' }))).toHaveLength(21);
		expect((await client.get('/webhook-events', { sort: 'created' })).status).toBe(400);
	});

	const id = expect.any(String) as string;
	const message = expect.any(String) as string;
	const number = expect.any(Number) as number;
	const string = expect.stringMatching(/^\d+$/) as string;
	it.each<[CobaltOptions, object, object]>([
		[{}, { data: { appointment_id: id, message, job_id: number } }, { data: { job_id: number } }],
		[{ nesting: 'flat' }, { appointment_id: id, message, job_id: number }, { job_id: number }],
		[
			{ nesting: 'flat', jobIds: 'string' },
			{ appointment_id: id, message, job_id: string },
			{ job_id: string },
		],
		[{ jobIds: 'absent' }, { data: { appointment_id: id, message } }, {}],
	])('answers submissions with %o', async (options, created, changed) => {
		const { cobalt, client } = await open(options);
		const creation = await client.post('/appointments', BOOKING);
		expect(creation.data).toEqual({ success: true, ...created });
		const [appointment] = cobalt.world.appointments();
		const update = await client.patch(`/appointments/${String(appointment?.id)}`, { note: 'x' });
		expect(update.data).toEqual({
			success: true,
			message: 'Appointment updated successfully',
			...changed,
		});
	});

	it('may not know the job_id filter', async () => {
		const { cobalt, client } = await open({ jobIdFilter: 'ignored' });
		cobalt.world.addEvent({ type: 'x', jobId: '1' });
		cobalt.world.addEvent({ type: 'x', jobId: '2' });
		expect(eventsOf(await client.get('/webhook-events', { job_id: '1' }))).toHaveLength(2);
	});
});

describe('a fault', () => {
	const failing = (path: string, client: Client) =>
		client.post(path, BOOKING).then(
			() => 'answered',
			(error: unknown) => (axios.isAxiosError(error) ? error.code : error),
		);

	it.each<[Fault, number, unknown, number]>([
		[{ kind: 'status', status: 503, body: 'Busy' }, 503, 'Busy', 0],
		[{ kind: 'status', status: 429, body: { a: 1 } }, 429, { a: 1 }, 0],
		[{ kind: 'statusAfterAccept', status: 502, body: '' }, 502, '', 1],
		[{ kind: 'html' }, 200, expect.stringContaining('<html>'), 1],
		[{ kind: 'empty' }, 200, '', 1],
		[{ kind: 'truncated' }, 200, expect.stringMatching(/^\{"success":true,.*[^}]$/), 1],
		[{ kind: 'slow', ms: 20 }, 200, expect.objectContaining({ success: true }), 1],
		[{ kind: 'redirect', location: 'http://127.0.0.1:1/' }, 307, '', 0],
	])('%o', async (fault, status, body, accepted) => {
		const { cobalt, client } = await open();
		cobalt.faults.add(fault);
		const reply = await client.post('/appointments', BOOKING);
		expect({ status: reply.status, body: reply.data }).toEqual({ status, body });
		expect(cobalt.world.appointments()).toHaveLength(accepted);
		expect((await client.post('/appointments', BOOKING)).data).toMatchObject({ success: true });
		expect(cobalt.world.requests().map((request) => request.status)).toEqual([status, 200]);
	});

	it.each<[Fault, number]>([
		[{ kind: 'drop' }, 0],
		[{ kind: 'dropAfterAccept' }, 1],
	])('%o', async (fault, accepted) => {
		const { cobalt, client } = await open();
		cobalt.faults.add(fault);
		expect(await failing('/appointments', client)).toBe('ECONNRESET');
		expect(cobalt.world.appointments()).toHaveLength(accepted);
		expect(cobalt.world.requests()).toMatchObject([{ body: BOOKING }]);
		expect(cobalt.world.requests()[0]?.status).toBeUndefined();
	});

	it('strikes only where, when and as often as told', async () => {
		const { cobalt, client } = await open();
		const statuses: number[] = [];
		cobalt.faults.add({ kind: 'status', status: 500, method: 'GET', after: 1, times: 2 });
		cobalt.faults.add({ kind: 'status', status: 502, path: /^\/patients$/, times: Infinity });
		cobalt.faults.add({ kind: 'status', status: 504, path: '/appointments' });
		for (const path of ['/settings', '/settings', '/patients', '/settings', '/patients']) {
			statuses.push((await client.get(path)).status);
		}
		expect(statuses).toEqual([200, 500, 500, 200, 502]);
		expect((await client.patch('/appointments/0', {})).status).toBe(504);
		cobalt.faults.clear();
		expect((await client.get('/patients')).status).toBe(200);
	});

	it('brings its headers', async () => {
		const { cobalt, client } = await open();
		cobalt.faults.add({ kind: 'status', status: 429, headers: { 'Retry-After': '7' } });
		expect((await client.get('/settings')).headers).toMatchObject({ 'retry-after': '7' });
	});
});

describe('the world', () => {
	it('remembers requests, and gives copies only', async () => {
		const { cobalt, client } = await open();
		const { world } = cobalt;
		await client.post('/appointments', BOOKING);
		await client.get('/webhook-events', { job_id: 1 });
		await client.get('/appointment/1');
		expect(world.requests({ method: 'POST' })).toMatchObject([
			{ path: '/appointments', route: '/appointments', body: BOOKING, status: 200 },
		]);
		expect(world.requests({ path: '/webhook-events' })).toMatchObject([
			{ query: { job_id: '1' }, at: Date.now() },
		]);
		expect(world.requests({ path: '/appointment' })).toMatchObject([{ status: 404 }]);
		for (const appointment of world.appointments()) appointment.status = 'gone';
		expect(world.appointments({ status: 'pending' })).toHaveLength(1);
	});

	it('follows from its seed', async () => {
		const history = async (seed: number) => {
			const { cobalt, client } = await open({ seed });
			vi.setSystemTime('2025-03-01T12:00:00Z');
			for (const mrn of ['804', '44235', '1'])
				await client.post('/appointments', { ...BOOKING, mrn });
			await client.post('/patients', PATIENT);
			pass(600);
			const { world } = cobalt;
			return [world.appointments(), world.patients(), world.jobs(), world.events()];
		};
		const first = await history(1);
		expect(await history(1)).toEqual(first);
		expect(await history(2)).not.toEqual(first);
	});

	it('needs no timers', async () => {
		vi.useFakeTimers({ now: 0, toFake: ['Date', 'setTimeout', 'setInterval', 'setImmediate'] });
		const { cobalt, client } = await open();
		await client.post('/appointments', BOOKING);
		vi.advanceTimersByTime(600_000);
		expect(cobalt.world.appointments()).toMatchObject([{ status: 'scheduled' }]);
	});
});
