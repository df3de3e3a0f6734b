import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { itemOf } from '../../nodes/CobaltTrigger/item.js';
import { eventOf } from '../../nodes/shared/events/event.js';
import { BOOKED, CREATED } from './events.mts';
import { deliverChanges, emitted, minutes, play, polling, webhook } from './setup.mts';

const IDS_ONLY = { output: 'idsOnly' };

/** What `patientUpdated` in setup.mts says of a patient. */
const PATIENT_DATA = /44235|Ada|Byron|555-0100|phone/;

const files: Array<[string, (parameters: INodeParameters) => ReturnType<typeof polling>]> = [
	['polling', polling],
	['webhook', webhook],
];

describe.each(files)('IDs Only in the mode %s', (_, file) => {
	it('starts the workflow for each matching event once, and saves nothing of the patient', async () => {
		await play(async (scene) => {
			const { host } = scene;
			const options = { changedFields: 'phone' };
			await host.activate(file({ ...IDS_ONLY, options }));
			await deliverChanges(scene, 'e1', 'e2');
			await host.runFor(3);
			expect(emitted(scene)).toHaveLength(2);
			expect(emitted(scene)).toEqual(
				expect.arrayContaining(
					['e1', 'e2'].map((id) => ({
						event_type: 'patient.updated',
						access_token_reference_id: 'clinic_1',
						event_id: id,
					})),
				),
			);
			expect(JSON.stringify(host.executions.map(({ run }) => run))).not.toMatch(PATIENT_DATA);
			expect(host.saved).not.toMatch(PATIENT_DATA);
		});
	});

	it('starts it for no other event', async () => {
		await play(async (scene) => {
			const { host } = scene;
			await host.activate(file({ ...IDS_ONLY, options: { changedFields: 'address' } }));
			await deliverChanges(scene, 'e1');
			await host.runFor(3);
			expect(emitted(scene)).toEqual([]);
		});
	});

	it('shows the newest event in the editor', async () => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			cobalt.world.addEvent({ id: 'e1', type: 'patient.updated', data: { mrn: '44235' } });
			await minutes(1);
			const ended = await host.testStep(file(IDS_ONLY));
			expect(ended?.json('Trigger').map((json) => Object.keys(json))).toEqual([
				['event_type', 'access_token_reference_id', 'event_id'],
			]);
			expect(JSON.stringify(ended?.run)).not.toMatch(PATIENT_DATA);
		});
	});
});

it('outputs the selected fields with the type, the ID and the clinic of an event', async () => {
	await play(async (scene) => {
		const { host } = scene;
		const outputFields = 'Patient MRN, updated_fields, shoe_size';
		await host.activate(polling({ output: 'selectedFields', outputFields }));
		await deliverChanges(scene, 'e1');
		await host.runFor(3);
		expect(emitted(scene)).toEqual([
			{
				event_type: 'patient.updated',
				mrn: '44235',
				updated_fields: { phone: '555-0100' },
				shoe_size: null,
				access_token_reference_id: 'clinic_1',
				event_id: 'e1',
			},
		]);
	});
});

describe('IDs Only of an event', () => {
	const idsOf = (record: Record<string, unknown>, types?: string[]) =>
		itemOf(eventOf(record), { output: { kind: 'idsOnly', fields: [] }, types }).json;

	it('has the IDs of the record and of the job, and how the job ended', () => {
		expect(idsOf(BOOKED, ['jobFinished'])).toEqual({
			event_type: 'appointment.created',
			job_status: 'completed',
			appointment_id: CREATED.data.appointment_id,
			provider_id: CREATED.data.provider_id,
			access_token_reference_id: 'clinic_1',
			job_id: '67890',
			event_id: CREATED.id,
		});
	});

	it('leaves out an event of unknown form, too', () => {
		expect(idsOf({ mrn: '44235', patient_name: 'Ada Byron' })).toEqual({
			event_type: '',
			event_id: '',
			event_digest: expect.stringMatching(/^[\w-]{43}$/) as string,
		});
	});
});
