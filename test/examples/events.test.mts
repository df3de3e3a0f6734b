import { describe, expect, it } from 'vitest';

import type { NewAppointment } from '../../tools/fake-cobalt/index.mts';
import { allDelivered, minutes } from '../CobaltTrigger/setup.mts';
import { playExample, takesEveryBranch, type PlayedScene } from './setup.mts';

describe('react-to-patient-updates', () => {
	const name = 'react-to-patient-updates';

	it('writes the contact data of a patient to the CRM, once, and leaves out other changes', async () => {
		await playExample(name, async ({ cobalt, host, outside }) => {
			const { inEhr } = cobalt.world;
			inEhr.updatePatient('44235', { city: 'Springfield' });
			inEhr.updatePatient('44235', { phone: '5550100' });
			await host.tick();
			await host.tick();
			const [event] = cobalt.world.events().slice(-1);
			expect(outside.requests).toEqual([
				{
					at: expect.any(String) as string,
					method: 'PATCH',
					url: 'https://crm.example.com/contacts/44235',
					headers: { 'Idempotency-Key': event?.id },
					body: { phone: expect.stringContaining('0100') as string },
				},
			]);
			inEhr.updatePatient('804', { email: 'john@example.com' });
			await host.tick();
			expect(outside.requests.at(-1)?.body).toMatchObject({ email: 'john@example.com' });
			expect(outside.mails).toEqual([]);
		});
	});

	it('tells the staff if the CRM does not answer, or the patient cannot be read', async () => {
		await playExample(name, async ({ cobalt, host, outside }) => {
			outside.isDown = true;
			cobalt.world.inEhr.updatePatient('44235', { phone: '5550100' });
			await host.tick();
			expect(outside.mails).toHaveLength(1);
			const refusal = { kind: 'status', status: 400, body: { success: false } } as const;
			cobalt.faults.add({ ...refusal, path: '/patients' });
			cobalt.world.inEhr.updatePatient('804', { email: 'john@example.com' });
			await host.tick();
			expect(outside.mails).toHaveLength(2);
			expect(outside.requests).toHaveLength(1);
		});
	});

	takesEveryBranch(name);
});

describe('react-to-appointments', () => {
	const name = 'react-to-appointments';

	/** A Monday, 11 a.m. in the clinic. */
	const NOW = '2025-03-10T15:00:00.000Z';

	const VISIT: NewAppointment = {
		patient_mrn: '44235',
		datetime: '2025-03-13T14:00:00-04:00',
		appointment_type: 'follow_up',
		location: '2',
		provider_ehr_id: '118',
	};

	/** What the staff does, and which reminders are sent at which time. */
	async function reminders(staff: (scene: PlayedScene) => Promise<void> | void) {
		return await playExample(
			name,
			async (scene) => {
				await staff(scene);
				await allDelivered(scene);
				const { requests, mails } = scene.outside;
				const sent = requests.map(({ at, body }) => `${at} ${JSON.stringify(body)}`);
				return { sent, alarms: mails.length, starts: scene.host.executions.length };
			},
			{ now: NOW },
		);
	}

	it('reminds the patient a day before the visit, in the time of the clinic', async () => {
		const { sent } = await reminders(({ cobalt }) => {
			cobalt.world.inEhr.book(VISIT);
		});
		expect(sent).toEqual([
			expect.stringMatching(
				/^2025-03-12T18:00:.*"to":"518.*Thursday, March 13, 2:00 PM/s,
			) as string,
		]);
	});

	it.each([
		['2025-03-13T22:00:00-04:00', '2025-03-13T12:00:'],
		['2025-03-13T06:30:00-04:00', '2025-03-12T12:00:'],
		['2025-03-10T16:00:00-04:00', '2025-03-10T15:0'],
	])('for a visit at %s, it is sent at %s', async (datetime, at) => {
		const { sent } = await reminders(({ cobalt }) => {
			cobalt.world.inEhr.book({ ...VISIT, datetime });
		});
		expect(sent).toEqual([expect.stringContaining(at) as string]);
	});

	it('sends none for a visit before the end of the quiet hours', async () => {
		const { sent, starts } = await reminders(async ({ cobalt }) => {
			await minutes(10 * 60);
			cobalt.world.inEhr.book({ ...VISIT, datetime: '2025-03-11T07:00:00-04:00' });
		});
		expect([sent, starts]).toEqual([[], 1]);
	});

	it('sends one for a visit that was moved, at its new time, and none for one that was cancelled', async () => {
		const { sent } = await reminders(async ({ cobalt }) => {
			const { inEhr } = cobalt.world;
			const moved = inEhr.book(VISIT);
			const cancelled = inEhr.book({ ...VISIT, datetime: '2025-03-13T15:00:00-04:00' });
			await minutes(30);
			inEhr.updateAppointment(moved.id, { datetime: '2025-03-14T10:00:00-04:00' });
			inEhr.updateAppointment(moved.id, { note: 'Brings a friend' });
			inEhr.setStatus(cancelled.id, 'CANC');
		});
		expect(sent).toEqual([expect.stringMatching(/^2025-03-13T14:00:.*Friday/s) as string]);
	});

	it('tells the front desk of a patient without a phone', async () => {
		const { sent, alarms } = await reminders(({ cobalt }) => {
			cobalt.world.inEhr.updatePatient('44235', { phone: null });
			cobalt.world.inEhr.book(VISIT);
		});
		expect([sent, alarms]).toEqual([[], 1]);
	});

	it('tells the front desk if the reminder cannot be sent', async () => {
		const { alarms } = await reminders(({ cobalt, outside }) => {
			outside.isDown = true;
			cobalt.world.inEhr.book(VISIT);
		});
		expect(alarms).toBe(1);
	});

	it.each([
		['/settings', 0],
		['/appointment', 0],
		['/appointment', 1],
		['/patients', 0],
	])('tells the front desk if %s cannot be read', async (path, after) => {
		const refusal = { kind: 'status', status: 400, body: { success: false } } as const;
		const { sent, alarms } = await reminders(({ cobalt }) => {
			cobalt.faults.add({ ...refusal, method: 'GET', path, after });
			cobalt.world.inEhr.book(VISIT);
		});
		expect([sent, alarms]).toEqual([[], 1]);
	});

	takesEveryBranch(name);
});
