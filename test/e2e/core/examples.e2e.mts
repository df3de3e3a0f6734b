/**
 * Workflows of examples/ with n8n's own nodes, imported as they are. Only the credentials are chosen, and the systems
 * around n8n are on this machine. test/examples runs all of them in all branches.
 */
import { expect, it } from 'vitest';

import { example } from '../../../tools/n8n-host/workflowFile.mts';
import { eventually, itemsOf } from '../../../tools/n8n/session.mts';
import { sceneOfFile } from '../scene.mts';

const scene = sceneOfFile({ cobalt: { medianSeconds: 1 } });

const DAY_MS = 24 * 60 * 60 * 1000;

it('books one appointment at once and one after a minute, and writes a mail about the refused one in book-appointments', async () => {
	const { cobalt, session, surroundings } = scene.stage;
	const of = (mrn: string) => (body: Record<string, unknown>) => body.mrn === mrn;
	cobalt.ehrWorker.plan({ match: of('44235'), seconds: 1 });
	cobalt.ehrWorker.plan({ match: of('999999'), seconds: 1 });
	// Longer than the timeout in the workflow, which is 5 seconds.
	cobalt.ehrWorker.plan({ match: of('804'), seconds: 10 });
	const { id } = await scene.stage.import(example('book-appointments'));
	const executionId = await session.execute(id, 'Three Bookings');
	const execution = await session.ended(executionId ?? '');
	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'Get Result').map(({ job_status }) => job_status)).toEqual([
		'completed',
	]);
	expect(surroundings.mailServer.mails).toEqual([
		expect.stringContaining('Subject: A booking needs a look'),
	]);
	const booked = cobalt.world.appointments({ status: 'scheduled', source: 'cobalt_operation' });
	expect(booked.map(({ patient_mrn }) => patient_mrn).sort()).toEqual(['44235', '804']);
	expect(cobalt.world.requests({ method: 'POST', path: '/appointments' })).toHaveLength(3);
});

it('tries react-to-patient-updates with the newest change in Execute step, which the CRM gets', async () => {
	const { cobalt, session, surroundings } = scene.stage;
	cobalt.world.inEhr.updatePatient('44235', { phone: '5550100' });
	cobalt.world.inEhr.updatePatient('804', { sex: 'female' });
	const { id } = await scene.stage.import(example('react-to-patient-updates'));
	const executionId = await session.executeStep(id, 'In the CRM');
	const execution = await session.ended(executionId ?? '');
	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'Contact Data Changed')).toEqual([
		expect.objectContaining({ mrn: '44235', updated_fields: { phone: '5550100' } }),
	]);
	expect(surroundings.webService.requests).toMatchObject([
		{ method: 'PATCH', path: '/contacts/44235', body: expect.stringContaining('0100') as string },
	]);
});

it('starts react-to-appointments as soon as the staff books, and waits with the reminder', async () => {
	const { cobalt, session } = scene.stage;
	const { id } = await scene.stage.import(example('react-to-appointments'));
	await session.activate(id);
	const datetime = new Date(Date.now() + 14 * DAY_MS).toISOString();
	cobalt.world.inEhr.book({
		patient_mrn: '804',
		datetime,
		provider_ehr_id: '118',
		location: '2',
		appointment_type: 'follow_up',
	});
	const waiting = async () =>
		(await session.executions(id)).find(({ status }) => status === 'waiting')?.id;
	const execution = await session.execution(await eventually('the reminder waits', waiting));
	expect(itemsOf(execution, 'Outside Quiet Hours')).toEqual([
		expect.objectContaining({ datetime, mrn: '804' }),
	]);
});
