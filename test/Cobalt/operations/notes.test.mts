import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { cobaltForTest, lookups } from '../setup.mts';
import { booked, runOperation, sent, unbooked, writes } from './setup.mts';

describe('Note: Create', () => {
	it.each(['created', 'uploaded'] as const)('completes at the event note.%s', async (noteEvent) => {
		const cobalt = await cobaltForTest({ noteEvent });
		const appointmentId = await booked(cobalt);
		const before = lookups(cobalt);
		cobalt.ehrWorker.plan({ seconds: 7 });
		const parameters = { appointmentId, format: 'text', note: 'Seen.' };
		const ended = await runOperation(cobalt, 'note.create', { parameters });
		expect(ended.json()).toEqual([
			expect.objectContaining({ job_status: 'completed', event_type: `note.${noteEvent}` }),
		]);
		// At once, not when time runs out.
		expect(lookups(cobalt) - before).toBe(3);
	});

	it('writes a note that reading the appointment shows', async () => {
		const cobalt = await cobaltForTest();
		const appointmentId = await booked(cobalt);
		const parameters = { appointmentId, format: 'text', note: 'Seen.\r\nWell.' };
		await runOperation(cobalt, 'note.create', { parameters });
		expect(cobalt.world.appointments({ id: appointmentId })).toEqual([
			expect.objectContaining({ progress_note: 'Seen.\nWell.' }),
		]);
	});

	it('sends only the parts and codes of a structured note that are filled in', async () => {
		const cobalt = await cobaltForTest();
		const appointmentId = await booked(cobalt);
		const parameters = {
			appointmentId,
			format: 'structured',
			plan: 'Rest',
			subjective: '  ',
			icd10Codes: '={{ ["Z00.00"] }}',
			cptCodes: '',
		};
		await runOperation(cobalt, 'note.create', { parameters });
		expect(sent(cobalt).body).toEqual({
			appointment_id: appointmentId,
			note: { plan: 'Rest' },
			icd_10_codes: ['Z00.00'],
		});
	});

	it.each([
		['text', { note: 'Seen.' }, { note: 'Seen.' }],
		['structured', { plan: 'Rest' }, { note: { plan: 'Rest' }, cpt_codes: ['99213'] }],
	])('does not send fields that the form hides: %s', async (format, entered, body) => {
		const cobalt = await cobaltForTest();
		const appointmentId = await booked(cobalt);
		const left = { note: 'Left from before', objective: '', cptCodes: '99213' };
		const parameters = { appointmentId, format, ...left, ...entered };
		await runOperation(cobalt, 'note.create', { parameters });
		expect(sent(cobalt).body).toEqual({ appointment_id: appointmentId, ...body });
	});

	it.each<[string, INodeParameters, string]>([
		['a text note without text', { format: 'text', note: ' ' }, "'Note' is empty"],
		[
			'a structured note without any part',
			{ format: 'structured', icd10Codes: 'Z00.00' },
			"'Subjective' or 'Objective' or 'Assessment' or 'Plan' is required",
		],
		[
			'no appointment',
			{ appointmentId: '={{ null }}', format: 'text', note: 'x' },
			"'Appointment ID' is empty",
		],
	])('refuses %s before any request', async (_, entered, message) => {
		const cobalt = await cobaltForTest();
		const parameters = { appointmentId: 'c5c0e613fc7d68a1c01ef4160483a0b6', ...entered };
		const { error } = await runOperation(cobalt, 'note.create', { parameters });
		expect(error?.message).toBe(`${message} [item 0]`);
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('reports that Cobalt does not know the appointment of a note', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { appointmentId: 'f'.repeat(32), format: 'text', note: 'x' };
		const { error } = await runOperation(cobalt, 'note.create', { parameters });
		expect(error?.message).toContain('Appointment not found');
		expect(cobalt.world.notes()).toEqual([]);
	});

	it('reports that the EHR does not have the appointment of a note, which was not written', async () => {
		const cobalt = await cobaltForTest();
		const appointmentId = await unbooked(cobalt);
		const parameters = { appointmentId, format: 'text', note: 'x' };
		const { error } = await runOperation(cobalt, 'note.create', { parameters });
		expect(error?.message).toContain('failed in the EHR: The appointment is not in the EHR.');
		expect(cobalt.world.notes()).toEqual([expect.objectContaining({ state: 'failed' })]);
	});

	it('writes a note once when n8n repeats the node', async () => {
		const cobalt = await cobaltForTest();
		const appointmentId = await booked(cobalt);
		cobalt.faults.add({ kind: 'statusAfterAccept', status: 502, path: '/notes' });
		const parameters = { appointmentId, format: 'text', note: 'x' };
		const settings = { retryOnFail: true, maxTries: 3 };
		await runOperation(cobalt, 'note.create', { parameters }, { settings });
		expect(cobalt.world.notes()).toHaveLength(1);
	});
});

describe('Patient Note: Create', () => {
	it('reports that Cobalt does not know the location of a patient note', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { patientMrn: '804', subject: 's', note: 'n', locationId: '77' };
		const { error } = await runOperation(cobalt, 'patientNote.create', { parameters });
		expect(error?.message).toContain('Location not found');
		expect(cobalt.world.patientNotes()).toEqual([]);
		expect(writes(cobalt)).toHaveLength(1);
	});
});

it('accepts the format of a note in any case', async () => {
	const cobalt = await cobaltForTest();
	const appointmentId = await booked(cobalt);
	const parameters = { appointmentId, format: '={{ "Text" }}', note: 'Seen today' };
	await runOperation(cobalt, 'note.create', { parameters });
	expect(sent(cobalt).body).toEqual({ appointment_id: appointmentId, note: 'Seen today' });
});
