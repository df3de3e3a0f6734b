import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { cobaltForTest } from '../setup.mts';
import { booked, runOperation, sent, unbooked, writes } from './setup.mts';

describe('Appointment: Cancel', () => {
	it("cancels one of several appointments with the account's own status", async () => {
		const cobalt = await cobaltForTest();
		const id = await booked(cobalt);
		const other = await booked(cobalt, { datetime: '2025-06-03T13:00:00Z' });
		const parameters = { appointmentId: '={{ $json.id }}', status: '={{ $json.status }}' };
		const items = [{ id, status: 'CANC' }];
		const ended = await runOperation(cobalt, 'appointment.cancel', { parameters }, { items });
		expect(ended.json()[0]).toMatchObject({ appointment_id: id, status: 'CANC' });
		expect(cobalt.world.appointments({ status: 'CANC' }).map((one) => one.id)).toEqual([id]);
		expect(cobalt.world.appointments({ id: other })[0]?.status).toBe('scheduled');
	});

	it('reports that Cobalt refused a status that the account does not have', async () => {
		const cobalt = await cobaltForTest();
		const id = await booked(cobalt);
		const parameters = { appointmentId: id, status: 'cancelled' };
		const { error } = await runOperation(cobalt, 'appointment.cancel', { parameters });
		expect(error?.message).toContain('Expected a visit status');
		expect(cobalt.world.appointments({ id })[0]?.status).toBe('scheduled');
	});

	it('refuses to cancel without a status before any request', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { appointmentId: 'abc', status: '={{ "" }}' };
		const { error } = await runOperation(cobalt, 'appointment.cancel', { parameters });
		expect(error?.message).toBe("'Status' is empty [item 0]");
		expect(cobalt.world.requests()).toEqual([]);
	});
});

describe('Claim: Create', () => {
	it('accepts an appointment ID with hyphens and in capitals', async () => {
		const cobalt = await cobaltForTest();
		const id = await booked(cobalt);
		const written = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-').toUpperCase();
		await runOperation(cobalt, 'claim.create', { parameters: { appointmentId: written } });
		expect(sent(cobalt).body).toEqual({ appointment_id: id });
	});

	it('creates one claim for an appointment, and fails for a second one', async () => {
		const cobalt = await cobaltForTest();
		const before = cobalt.world.claims().length;
		const parameters = { appointmentId: await booked(cobalt) };
		await runOperation(cobalt, 'claim.create', { parameters });
		const { error } = await runOperation(cobalt, 'claim.create', { parameters });
		expect(error?.message).toContain('A claim for this appointment already exists.');
		expect(cobalt.world.claims()).toHaveLength(before + 1);
	});

	it('reports that the EHR does not have the appointment of a claim', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { appointmentId: await unbooked(cobalt) };
		const { error } = await runOperation(cobalt, 'claim.create', { parameters });
		expect(error?.message).toContain('has no emr_appointment_id');
	});

	it("refuses an appointment ID that is not Cobalt's before any request", async () => {
		const cobalt = await cobaltForTest();
		const { error } = await runOperation(cobalt, 'claim.create', {
			parameters: { appointmentId: '7' },
		});
		expect(error?.message).toBe("'Appointment ID' is not a Cobalt ID [item 0]");
		expect(cobalt.world.requests()).toEqual([]);
	});
});

describe('tasks', () => {
	const TASK = { patientMrn: '804', taskDescription: 'Call back' };

	it('adds a note to a task as soon as it is created', async () => {
		const cobalt = await cobaltForTest();
		const created = await runOperation(cobalt, 'task.create', { parameters: TASK });
		const parameters = { emrTaskId: '={{ $json.emr_task_id }}', note: 'No answer' };
		const items = created.json();
		const ended = await runOperation(cobalt, 'task.addNote', { parameters }, { items });
		expect(ended.error).toBeUndefined();
		expect(cobalt.world.taskNotes()).toEqual([
			expect.objectContaining({ state: 'done', emr_task_id: items[0]?.emr_task_id }),
		]);
	});

	it.each(['={{ [501, "502"] }}', '501,502,', '501'])(
		'sends the users to notify as a list: %s',
		async (notifyList) => {
			const cobalt = await cobaltForTest();
			const parameters = { ...TASK, additionalFields: { notifyList } };
			await runOperation(cobalt, 'task.create', { parameters });
			const expected = notifyList === '501' ? ['501'] : ['501', '502'];
			expect(sent(cobalt).body).toMatchObject({ notify_list: expected });
		},
	);

	it('reports that the EHR does not know the assignee of a task', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { ...TASK, additionalFields: { assigneeUserId: '999' } };
		const { error } = await runOperation(cobalt, 'task.create', { parameters });
		expect(error?.message).toContain('User not found');
		expect(cobalt.world.tasks({ description: 'Call back' })).toEqual([]);
	});

	it('reports that the EHR does not have the task of a note', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { emrTaskId: '1', note: 'x' };
		const { error } = await runOperation(cobalt, 'task.addNote', { parameters });
		expect(error?.message).toContain('The task was not found in the EHR.');
	});
});

describe('Message: Create', () => {
	it.each(['data', 'flat'] as const)('finds the ID of a message nested %s', async (nesting) => {
		const cobalt = await cobaltForTest({ nesting });
		const parameters = { provider: '118', subject: 's', message: 'm' };
		const ended = await runOperation(cobalt, 'message.create', { parameters });
		expect(ended.json()).toEqual([
			expect.objectContaining({ message_id: cobalt.world.messages()[0]?.id }),
		]);
	});

	it('sends a message once when n8n repeats the node', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'dropAfterAccept', path: '/messages' });
		const parameters = { provider: '118', subject: 's', message: 'm' };
		const settings = { retryOnFail: true, maxTries: 3 };
		await runOperation(cobalt, 'message.create', { parameters }, { settings });
		expect(cobalt.world.messages()).toHaveLength(1);
	});
});

describe('Referring Provider: Create', () => {
	const OMAR = { firstName: 'Omar', lastName: 'Haddad', npi: '1234567893' };

	it.each([
		'555-123-4567',
		'5551234567',
		'(555) 123-4567',
		'+1 555 123 4567',
		'1-555-123-4567',
		'555.123.4567',
		'={{ 5551234567 }}',
	])("sends the phone number %s in Cobalt's format", async (phone) => {
		const cobalt = await cobaltForTest();
		const parameters = { ...OMAR, additionalFields: { phone, fax: phone } };
		await runOperation(cobalt, 'referringProvider.create', { parameters });
		expect(cobalt.world.referringProviders({ last_name: 'Haddad' })).toEqual([
			expect.objectContaining({ state: 'done', phone: '555-123-4567', fax: '555-123-4567' }),
		]);
	});

	it.each([
		[
			'a phone number from abroad',
			{ phone: '+49 30 12345678' },
			"'Phone' is not a 10-digit phone number",
		],
		['a short fax number', { fax: '123-4567' }, "'Fax' is not a 10-digit phone number"],
		['letters', { fax: '555-CALL-NOW' }, "'Fax' is not a 10-digit phone number"],
	])('refuses %s before any request', async (_, additionalFields, message) => {
		const cobalt = await cobaltForTest();
		const parameters = { ...OMAR, additionalFields };
		const { error } = await runOperation(cobalt, 'referringProvider.create', { parameters });
		expect(error?.message).toBe(`${message} [item 0]`);
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('refuses an invalid NPI before any request', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { ...OMAR, npi: '123' };
		const { error } = await runOperation(cobalt, 'referringProvider.create', { parameters });
		expect(error?.message).toBe("'NPI' is not a 10-digit NPI [item 0]");
		expect(cobalt.world.requests()).toEqual([]);
	});
});

describe('Telephone Encounter: Create', () => {
	const CALL = { patientMrn: '123456789', providerId: '118', locationId: '2', assignedToId: '501' };

	it.each<[string, INodeParameters]>([
		['a reason of 50 characters', { reason: 'x'.repeat(50) }],
		['a medication of 2', { refillMedicationName: 'Li' }],
	])('accepts %s', async (_, additionalFields) => {
		const cobalt = await cobaltForTest();
		const parameters = { ...CALL, additionalFields };
		const ended = await runOperation(cobalt, 'telephoneEncounter.create', { parameters });
		expect(ended.json()).toEqual([expect.objectContaining({ job_status: 'completed' })]);
	});

	it.each<[string, INodeParameters, string]>([
		[
			'a reason of 51 characters',
			{ reason: 'x'.repeat(51) },
			"'Reason for Call' is not 1 to 50 characters long",
		],
		[
			'a medication of 1 character',
			{ refillMedicationName: 'L' },
			"'Refill Medication Name' is not 2 to 50 characters long",
		],
		[
			'a medication of 51 characters',
			{ refillMedicationName: 'L'.repeat(51) },
			"'Refill Medication Name' is not 2 to 50 characters long",
		],
	])('refuses %s before any request', async (_, additionalFields, message) => {
		const cobalt = await cobaltForTest();
		const parameters = { ...CALL, additionalFields };
		const { error } = await runOperation(cobalt, 'telephoneEncounter.create', { parameters });
		expect(error?.message).toBe(`${message} [item 0]`);
		expect(cobalt.world.requests()).toEqual([]);
	});

	it("lists the patient's medications when the refill is for none of them", async () => {
		const cobalt = await cobaltForTest();
		const parameters = { ...CALL, additionalFields: { refillMedicationName: 'Aspirin' } };
		const { error } = await runOperation(cobalt, 'telephoneEncounter.create', { parameters });
		expect(error?.message).toContain('Lisinopril 10 MG, Metformin 500 MG, Metformin 850 MG');
		expect(cobalt.world.telephoneEncounters({ state: 'failed' })).toHaveLength(1);
	});

	it('adds an action to a new encounter', async () => {
		const cobalt = await cobaltForTest();
		const created = await runOperation(cobalt, 'telephoneEncounter.create', { parameters: CALL });
		const parameters = {
			emrAppointmentId: '={{ $json.emr_appointment_id }}',
			text: 'Call again',
			additionalFields: { isHighPriority: '={{ "false" }}' },
		};
		const items = created.json();
		const ended = await runOperation(
			cobalt,
			'telephoneEncounter.addAction',
			{ parameters },
			{ items },
		);
		expect(ended.error).toBeUndefined();
		expect(sent(cobalt).body).toMatchObject({ is_high_priority: 'false' });
		expect(cobalt.world.encounterActions()).toEqual([
			expect.objectContaining({ state: 'done', emr_appointment_id: items[0]?.emr_appointment_id }),
		]);
		expect(writes(cobalt)).toHaveLength(2);
	});

	it('reports that the EHR does not have the encounter of an action', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { emrAppointmentId: '1', text: 'x' };
		const { error } = await runOperation(cobalt, 'telephoneEncounter.addAction', { parameters });
		expect(error?.message).toContain('The encounter was not found in the EHR.');
		expect(cobalt.world.encounterActions({ state: 'failed' })).toHaveLength(1);
	});
});
