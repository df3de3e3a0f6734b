import { describe, expect, it } from 'vitest';

import { clinicAt, multipleCredentialOf } from '../Cobalt/clinics.mts';
import { allDelivered } from '../CobaltTrigger/setup.mts';
import {
	itemsOf,
	playExample,
	runExample,
	stageForTest,
	takesEveryBranch,
	type PlayedScene,
} from './setup.mts';

const refusal = { kind: 'status', status: 400, body: { success: false } } as const;

describe('renew-an-expired-login', () => {
	const name = 'renew-an-expired-login';

	async function expire(prepare: (scene: PlayedScene) => void = () => undefined) {
		return await playExample(name, async (scene) => {
			prepare(scene);
			const { cobalt, outside } = scene;
			cobalt.world.account.loginExpires();
			cobalt.world.account.loginExpires();
			await allDelivered(scene);
			return { mails: outside.mails, tokens: cobalt.world.linkTokens(), keys: cobalt.keys };
		});
	}

	it('asks the contact of the clinic once, and sends a link in update mode', async () => {
		const { mails, tokens, keys } = await expire();
		expect(tokens).toMatchObject([{ org_id: 'clinic_1', access_token: keys.accessToken }]);
		expect(mails).toMatchObject([
			{ to: 'office-manager@example.com', subject: 'The EHR login has expired' },
			{
				to: 'office-manager@example.com',
				text: expect.stringContaining(tokens[0]?.token ?? '-') as string,
			},
		]);
	});

	it('makes no link as long as nobody answers, and tells operations after a day', async () => {
		const { mails, tokens } = await expire(({ outside }) => {
			outside.approves = undefined;
		});
		expect(tokens).toEqual([]);
		expect(mails.map(({ subject }) => subject)).toEqual([
			'The EHR login has expired',
			'An EHR login is still expired',
		]);
	});

	it('tells operations if Cobalt gives no link', async () => {
		const { mails } = await expire(({ cobalt }) => {
			cobalt.faults.add({ ...refusal, path: '/link/token/create', times: 4 });
		});
		expect(mails.at(-1)).toMatchObject({ subject: 'An EHR login is still expired' });
	});

	takesEveryBranch(name);
});

describe('many-clinics', () => {
	const name = 'many-clinics';

	const VISIT = {
		patient_mrn: '44235',
		datetime: '2025-03-20T14:00:00-04:00',
		appointment_type: 'follow_up',
		location: '2',
		provider_ehr_id: '118',
	};

	/** The staff of the second clinic cancels a visit. @returns the tasks to rebook, by clinic */
	async function cancel(prepare: (scene: PlayedScene) => void = () => undefined) {
		return await playExample(
			name,
			async (scene) => {
				const { cobalt, host, outside } = scene;
				const { inEhr } = clinicAt(cobalt, 1).world;
				const { id } = inEhr.book(VISIT);
				prepare(scene);
				inEhr.setStatus(id, 'CHK');
				inEhr.setStatus(id, 'CANC');
				await host.tick();
				await host.tick();
				const tasks = cobalt.clinics.map(
					({ world }) => world.tasks().filter(({ subject }) => subject === 'Rebook').length,
				);
				return { tasks, mails: outside.mails };
			},
			{ cobalt: { clinics: 3 }, credentialOf: multipleCredentialOf },
		);
	}

	it('gives the task to the clinic of the event, once', async () => {
		expect(await cancel()).toEqual({ tasks: [0, 1, 0], mails: [] });
	});

	it('tells operations if the patient cannot be read, or the task is refused', async () => {
		const unread = await cancel(({ cobalt }) => {
			cobalt.faults.add({ ...refusal, method: 'GET', path: '/patients' });
		});
		expect(unread).toMatchObject({ tasks: [0, 0, 0], mails: [{ to: 'front-desk@example.com' }] });
		const refused = await cancel(({ cobalt }) => {
			cobalt.faults.add({ ...refusal, method: 'POST', path: '/tasks' });
		});
		expect(refused).toMatchObject({ tasks: [0, 0, 0], mails: [{ to: 'front-desk@example.com' }] });
	});

	takesEveryBranch(name);
});

describe('report-failed-executions', () => {
	const name = 'report-failed-executions';

	const failedWith = (message: string) => ({
		execution: {
			id: '231',
			url: 'https://n8n.example.com/execution/231',
			error: { message, stack: 'Stacktrace' },
			lastNodeExecuted: 'Book Appointment',
			mode: 'trigger',
		},
		workflow: { id: '1', name: 'Bookings' },
	});

	it('names workflow and node, and nothing of what the error says', async () => {
		const stage = await stageForTest();
		const items = itemsOf(failedWith('Jane Smith has a visit at that time.'));
		await runExample(stage, name, { items });
		expect(stage.outside.mails).toMatchObject([
			{ to: 'operations@example.com', subject: 'Failed: Bookings' },
		]);
		expect(JSON.stringify(stage.outside.mails)).not.toContain('Jane');
	});

	it('calls whoever is on call if Cobalt may have accepted what was submitted', async () => {
		const stage = await stageForTest();
		const message = 'may or may not have reached Cobalt the request (Jane Smith) [item 0]';
		await runExample(stage, name, { items: itemsOf(failedWith(message)) });
		expect(stage.outside.mails).toMatchObject([{ to: 'on-call@example.com' }]);
		expect(JSON.stringify(stage.outside.mails)).not.toContain('Jane');
	});

	it('takes what n8n gives if a trigger fails', async () => {
		const stage = await stageForTest();
		const trigger = { error: { message: 'The keys are wrong' }, mode: 'trigger' };
		const items = itemsOf({ trigger, workflow: { id: '1', name: 'Bookings' } });
		await runExample(stage, name, { items });
		expect(stage.outside.mails).toMatchObject([
			{ text: expect.stringContaining('the trigger') as string },
		]);
	});

	takesEveryBranch(name);
});
