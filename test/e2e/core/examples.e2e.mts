/** The workflows of examples/, imported as they are. Only the credential is chosen. */
import { expect, it } from 'vitest';

import { example, exampleNames } from '../../../tools/n8n-host/workflowFile.mts';
import { eventually, itemsOf } from '../../../tools/n8n/session.mts';
import { sceneOfFile } from '../scene.mts';

const scene = sceneOfFile({ cobalt: { medianSeconds: 1 } });

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a visit has beside the patient and the time. */
const VISIT = { provider_ehr_id: '118', location: '2', appointment_type: 'follow_up' };

const TRIED = ['book-appointments', 'react-to-appointments', 'react-to-patient-updates'];

it('has a test for each example workflow', () => {
	expect(exampleNames().sort()).toEqual(TRIED);
});

it('books one appointment, reports one as refused and finds a pending one later in book-appointments', async () => {
	const { cobalt, session } = scene.stage;
	const of = (mrn: string) => (body: Record<string, unknown>) => body.mrn === mrn;
	cobalt.ehrWorker.plan({ match: of('44235'), seconds: 1 });
	const refusal = { outcome: 'failure', failureReason: 'Slot taken.' } as const;
	cobalt.ehrWorker.plan({ match: of('804'), seconds: 1, ...refusal });
	// Longer than the timeout in the workflow, which is 5 seconds.
	cobalt.ehrWorker.plan({ match: of('MRN123456'), seconds: 10 });
	const { id } = await scene.stage.import(example('book-appointments'));
	const executionId = await session.execute(id, 'Three Bookings');
	const execution = await session.ended(executionId ?? '');
	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'Book Appointment').map(({ job_status }) => job_status)).toEqual([
		'completed',
		'pending',
	]);
	expect(itemsOf(execution, 'Needs a Look')).toEqual([
		expect.objectContaining({ error: expect.stringContaining('Slot taken.') as string }),
	]);
	expect(itemsOf(execution, 'Booked').map(({ job_status }) => job_status)).toEqual([
		'completed',
		'completed',
	]);
	const booked = cobalt.world.appointments({ status: 'scheduled', source: 'cobalt_operation' });
	expect(booked.map(({ patient_mrn }) => patient_mrn).sort()).toEqual(['44235', 'MRN123456']);
	expect(cobalt.world.requests({ method: 'POST', path: '/appointments' })).toHaveLength(3);
});

it('tries react-to-patient-updates with the newest change in Execute step, and finds the appointments', async () => {
	const { cobalt, session } = scene.stage;
	cobalt.world.inEhr.updatePatient('44235', { phone: '555-0100' });
	cobalt.world.inEhr.updatePatient('804', { sex: 'female' });
	const soon = new Date(Date.now() + 14 * DAY_MS).toISOString();
	const { id: booked } = cobalt.world.inEhr.book({
		...VISIT,
		patient_mrn: '44235',
		datetime: soon,
	});
	cobalt.world.inEhr.book({ ...VISIT, patient_mrn: '804', datetime: soon });
	const { id } = await scene.stage.import(example('react-to-patient-updates'));
	const executionId = await session.executeStep(id, 'Tell Somebody');
	const execution = await session.ended(executionId ?? '');
	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'Contact Data Changed')).toEqual([
		expect.objectContaining({ mrn: '44235', updated_fields: { phone: '555-0100' } }),
	]);
	expect(itemsOf(execution, 'Tell Somebody')).toEqual([
		expect.objectContaining({ appointment_id: booked }),
	]);
});

it('starts react-to-appointments as soon as the staff books, with the appointment', async () => {
	const { cobalt, session } = scene.stage;
	const { id } = await scene.stage.import(example('react-to-appointments'));
	await session.activate(id);
	const datetime = '2027-03-16T14:00:00.000Z';
	const { id: booked } = cobalt.world.inEhr.book({ ...VISIT, patient_mrn: '804', datetime });
	const first = async () => (await session.executions(id))[0]?.id;
	const execution = await session.ended(await eventually('n8n is called', first));
	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'Tell Somebody')).toEqual([
		expect.objectContaining({ appointment_id: booked, mrn: '804' }),
	]);
});
