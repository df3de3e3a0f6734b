import { describe, expect, it } from 'vitest';

import { after } from '../../../tools/n8n-host/virtualTime.mts';
import { bookings, cobaltForTest, CREATE, run } from '../setup.mts';

describe('Appointment: Create', () => {
	it('sends a booking in the documented form', async () => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, {
			parameters: {
				...CREATE,
				additionalFields: {
					duration: 20,
					newPatient: true,
					note: 'Needs a ramp',
					preventDoubleBooking: false,
					reason: 'Annual physical',
					secondaryProvider: '123456789',
				},
			},
			items: [{ ...bookings(1)[0], datetime: '2025-06-02 2:30 PM' }],
		});
		expect(ended.error).toBeUndefined();
		const [request] = cobalt.world.requests({ method: 'POST' });
		expect(request?.body).toEqual({
			mrn: '44235',
			datetime: '2025-06-02T14:30:00-04:00',
			provider: '118',
			location: '2',
			type: 'follow_up',
			duration: '20',
			new_patient: 'true',
			note: 'Needs a ramp',
			prevent_double_booking: 'false',
			reason: 'Annual physical',
			secondary_provider: '123456789',
		});
		expect(cobalt.world.appointments()).toEqual([
			expect.objectContaining({ patient_mrn: '44235', status: 'scheduled' }),
		]);
	});

	it('outputs a flat item: status, subject, IDs, event, then the other data of the event', async () => {
		const cobalt = await cobaltForTest();
		const [json] = (await run(cobalt)).json();
		const [appointment] = cobalt.world.appointments();
		const [event] = cobalt.world.events();
		expect(Object.keys(json ?? {}).slice(0, 10)).toEqual([
			...['job_status', 'mrn', 'datetime', 'type'],
			'appointment_id',
			'job_id',
			'found_in_list',
			'event_id',
			'event_type',
			'event_created_at',
		]);
		const { date_time: datetime, ...data } = event?.data as Record<string, unknown>;
		expect(json).toEqual({
			...data,
			datetime,
			type: 'follow_up',
			found_in_list: false,
			appointment_id: appointment?.id,
			job_id: cobalt.world.jobs()[0]?.id,
			job_status: 'completed',
			event_id: event?.id,
			event_type: 'appointment.created',
			event_created_at: event?.created,
		});
	});

	it('outputs what Cobalt sent when Output is Raw', async () => {
		const cobalt = await cobaltForTest({ nesting: 'data' });
		const [json] = (await run(cobalt, { parameters: { ...CREATE, output: 'raw' } })).json();
		expect(json).toMatchObject({
			job_status: 'completed',
			submission: { success: true, data: { appointment_id: cobalt.world.appointments()[0]?.id } },
			event: { type: 'appointment.created', data: { mrn: '44235' } },
		});
	});

	it('returns at once when Wait for Result is off', async () => {
		const cobalt = await cobaltForTest();
		const [json] = (await run(cobalt, { parameters: { ...CREATE, waitForResult: false } })).json();
		expect(json).toMatchObject({
			appointment_id: cobalt.world.appointments()[0]?.id,
			job_id: cobalt.world.jobs()[0]?.id,
			job_status: 'submitted',
			event_id: null,
		});
		expect(cobalt.world.requests()).toHaveLength(1);
	});
});

describe.each(['plain', 'prefixed'] as const)('events spelled %s', (spelling) => {
	it.each([
		['data', 'number'],
		['data', 'string'],
		['flat', 'number'],
		['flat', 'string'],
	] as const)('reads responses nested %s with a job_id that is a %s', async (nesting, jobIds) => {
		const cobalt = await cobaltForTest({ spelling, nesting, jobIds });
		const [json] = (await run(cobalt)).json();
		expect(json).toMatchObject({
			appointment_id: cobalt.world.appointments()[0]?.id,
			job_id: cobalt.world.jobs()[0]?.id,
			job_status: 'completed',
			event_id: cobalt.world.events()[0]?.id,
			event_type: 'appointment.created',
		});
	});
});

it('does not use the event of another job when the log ignores the job_id filter', async () => {
	const cobalt = await cobaltForTest({ jobIdFilter: 'ignored' });
	cobalt.world.addEvent({ type: 'appointment.created', jobId: '1', data: { mrn: 'other' } });
	cobalt.world.addEvent({ type: 'appointment.created', data: { mrn: 'from staff' } });
	const [json] = (await run(cobalt)).json();
	expect(json).toMatchObject({ job_id: cobalt.world.jobs()[0]?.id, mrn: '44235' });
});

it('finds the event of a job behind 150 others when the log ignores the job_id filter', async () => {
	const cobalt = await cobaltForTest({ jobIdFilter: 'ignored' });
	cobalt.ehrWorker.plan({ seconds: 2 });
	const ended = await run(cobalt, {
		meanwhile: () => {
			after(2.5, () => {
				for (let index = 0; index < 150; index += 1) {
					cobalt.world.addEvent({ type: 'patient.updated', data: { mrn: '804' } });
				}
			});
		},
	});
	expect(ended.json()).toEqual([expect.objectContaining({ job_status: 'completed' })]);
});

it('does not end a job at an undocumented event before the deadline', async () => {
	const cobalt = await cobaltForTest();
	cobalt.ehrWorker.plan({ seconds: 30, outcome: 'failure', failureReason: 'No slot.' });
	const ended = await run(cobalt, {
		meanwhile: () => {
			after(3, () => {
				const jobId = cobalt.world.jobs()[0]?.id ?? '';
				cobalt.world.addEvent({ type: 'appointment.processing', jobId });
			});
		},
	});
	expect(ended.error?.message).toContain('No slot.');
});

it('outputs an item as submitted when Cobalt returns no job ID', async () => {
	const cobalt = await cobaltForTest({ jobIds: 'absent' });
	const ended = await run(cobalt);
	expect(ended.json()).toEqual([
		expect.objectContaining({
			appointment_id: cobalt.world.appointments()[0]?.id,
			job_id: null,
			job_status: 'submitted',
		}),
	]);
	expect(ended.hints()).toEqual([
		expect.objectContaining({
			message: expect.stringContaining('Cobalt returned no job_id for 1 of 1 items') as string,
		}),
	]);
});

describe('Appointment: Update', () => {
	it('updates the appointment of the given ID, and outputs that ID', async () => {
		const cobalt = await cobaltForTest();
		const id = (await run(cobalt)).json()[0]?.appointment_id as string;
		const ended = await run(cobalt, {
			parameters: {
				resource: 'appointment',
				operation: 'update',
				appointmentId: id,
				updateFields: { status: 'CANC', note: 'Called in sick' },
			},
		});
		expect(ended.json()).toEqual([
			expect.objectContaining({
				appointment_id: id,
				job_status: 'completed',
				event_type: 'appointment.updated',
			}),
		]);
		expect(cobalt.world.requests({ method: 'PATCH' })).toEqual([
			expect.objectContaining({
				path: `/appointments/${id}`,
				body: { status: 'CANC', note: 'Called in sick' },
			}),
		]);
		expect(cobalt.world.appointments({ status: 'CANC' })).toHaveLength(1);
	});

	it('encodes slashes and blanks in an ID', async () => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, {
			parameters: {
				resource: 'appointment',
				operation: 'update',
				appointmentId: '../patients/a b',
				updateFields: { note: 'x' },
			},
		});
		expect(ended.error?.message).toContain('did not find what was requested');
		expect(cobalt.world.requests()).toEqual([
			expect.objectContaining({ path: '/appointments/..%2Fpatients%2Fa%20b' }),
		]);
	});
});

describe('Patient: Create', () => {
	const parameters = {
		resource: 'patient',
		operation: 'create',
		firstName: 'Ada',
		lastName: 'Byron',
		dob: '1985-12-10T00:00:00',
		additionalFields: {
			sex: 'female',
			phone: '555-123-4567',
			email: 'ada@example.com',
			addressState: 'MA',
			checkEligibility: false,
		},
	};

	it('creates a patient', async () => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, { parameters });
		expect(ended.error).toBeUndefined();
		expect(cobalt.world.requests({ method: 'POST' })[0]?.body).toEqual({
			first_name: 'Ada',
			last_name: 'Byron',
			dob: '1985-12-10',
			sex: 'female',
			phone: '555-123-4567',
			email: 'ada@example.com',
			address_state: 'MA',
			check_eligibility: 'false',
		});
		const [patient] = cobalt.world.patients({ last_name: 'Byron' });
		expect(patient?.status).toBe('active');
		expect(ended.json()).toEqual([
			expect.objectContaining({ patient_id: patient?.id, event_type: 'patient.created' }),
		]);
	});

	it("reports a duplicate patient in Cobalt's words", async () => {
		const cobalt = await cobaltForTest();
		await run(cobalt, { parameters });
		const ended = await run(cobalt, { parameters });
		expect(ended.error?.message).toContain('Duplicate patient found');
		expect(cobalt.world.patients({ last_name: 'Byron', status: 'active' })).toHaveLength(1);
	});
});

describe('Job: Get Result', () => {
	const parameters = { resource: 'job', operation: 'getResult', jobId: '={{ $json.job_id }}' };

	it('finds a job that ended long after the timeout, without submitting it again', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 400 });
		const pending = (await run(cobalt)).json();
		expect(pending).toEqual([expect.objectContaining({ job_status: 'pending' })]);

		const waited = await run(cobalt, {
			parameters: { ...parameters, waitForResult: true, options: { timeout: 600 } },
			items: pending,
		});
		expect(waited.json()).toEqual([
			expect.objectContaining({ job_id: pending[0]?.job_id, job_status: 'completed' }),
		]);
		expect(cobalt.world.appointments()).toHaveLength(1);
	});

	it('looks up a job once when Wait for Result is off', async () => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, { parameters, items: [{ job_id: 4711 }] });
		expect(ended.json()).toEqual([
			expect.objectContaining({ job_id: '4711', job_status: 'pending', event_id: null }),
		]);
		// By its id, and in the log.
		expect(cobalt.world.requests()).toHaveLength(2);
	});

	it('fails, and does not call a job pending, when its only lookup failed', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status: 503, path: '/webhook-events' });
		const ended = await run(cobalt, { parameters, items: [{ job_id: 4711 }] });
		expect(ended.error?.message).toContain('Could not get the result of Job 4711');
	});

	it('reports a failed job as its submission would', async () => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, {
			parameters,
			items: [{ job_id: 99 }],
			meanwhile: () => {
				cobalt.world.addEvent({
					type: 'document.upload_failed',
					jobId: '99',
					data: { failure_reason: 'The folder does not exist.' },
				});
			},
		});
		expect(ended.error?.message).toBe(
			'Job 99 failed in the EHR: The folder does not exist. [item 0]',
		);
		expect(ended.error?.description).toContain('Correct the data and submit it again');
	});
});
