import { describe, expect, it } from 'vitest';

import {
	allDelivered,
	logReads,
	minutes,
	patientUpdated,
	runs,
	emitted,
	emittedIds,
} from '../setup.mts';
import {
	changeEverywhere,
	changePatient,
	everywhere,
	expireLogin,
	LOGS,
	playClinics,
	pollingAll,
	emittedByClinic,
	useClinics,
	webhookOfAll,
} from './setup.mts';

const SIZES = LOGS.flatMap((logOf) => [1, 3, 50].map((clinics) => [clinics, logOf] as const));

describe('a webhook of several clinics', () => {
	it.each(SIZES)(
		'is registered once for %i clinics, and recovers what was not delivered of each, where a log is that of a %s',
		async (clinics, logOf) => {
			await playClinics(
				clinics,
				async (scene) => {
					const { cobalt, host } = scene;
					await host.activate(webhookOfAll());
					expect(cobalt.world.requests({ method: 'POST', path: '/webhook' })).toHaveLength(1);
					changeEverywhere(scene, 'e1');
					await allDelivered(scene);
					expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1').sort());
					for (let clinic = 0; clinic < clinics; clinic += 1) {
						cobalt.webhookSender.plan({ isNever: true });
						changePatient(scene, clinic, 'missed');
					}
					await allDelivered(scene);
					const before = logReads(scene);
					await host.runFor(2);
					expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1', 'missed').sort());
					expect(logReads(scene) - before).toBe(2 * clinics);
					expect(runs(scene)).toHaveLength(clinics + 1);
				},
				{ logOf },
			);
		},
	);

	it('emits what happened in each clinic while the trigger was switched off', async () => {
		await playClinics(3, async (scene) => {
			const { host } = scene;
			await host.activate(webhookOfAll());
			await host.runFor(15);
			await host.deactivate();
			await minutes(5);
			changeEverywhere(scene, 'e1');
			await minutes(5);
			await host.activate(webhookOfAll());
			expireLogin(scene, 1);
			await host.runFor(20);
			expireLogin(scene, 1, false);
			await host.runFor(20);
			expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1').sort());
		});
	});

	it('loses and repeats nothing when it takes over from polling', async () => {
		await playClinics(3, async (scene) => {
			const { host } = scene;
			await host.activate(pollingAll());
			await minutes(1);
			changeEverywhere(scene, 'e1');
			await host.runFor(2);
			changeEverywhere(scene, 'e2');
			await host.update(webhookOfAll());
			changeEverywhere(scene, 'e3');
			await allDelivered(scene);
			await host.runFor(15);
			expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1', 'e2', 'e3').sort());
		});
	});

	it('answers a delivery of a clinic that is not in the credential, and starts nothing', async () => {
		await playClinics(3, async (scene) => {
			useClinics(scene, 0, 2);
			await scene.host.activate(webhookOfAll());
			changeEverywhere(scene, 'e1');
			await allDelivered(scene);
			expect(scene.cobalt.deliveries.map(({ status }) => status)).toEqual([200, 200, 200]);
			expect(emittedByClinic(scene).sort()).toEqual(['clinic_1: e1', 'clinic_3: e1']);
		});
	});

	it('accepts an event that names no clinic, once', async () => {
		await playClinics(3, async (scene) => {
			await scene.host.activate(webhookOfAll());
			scene.cobalt.webhookSender.plan({ isRepeated: true });
			const { world } = scene.cobalt;
			world.addEvent({ ...patientUpdated('e1'), reference: '' });
			await allDelivered(scene);
			await scene.host.runFor(12);
			expect(emittedIds(scene)).toEqual(['e1']);
			expect(emitted(scene)[0]).not.toHaveProperty('access_token_reference_id');
		});
	});

	it('is registered with the token of another clinic where the login of the first one has expired', async () => {
		await playClinics(3, async (scene) => {
			const { cobalt, host } = scene;
			const { accessToken } = cobalt.keys;
			const body = { success: false, error: 'login_required', message: 'Account link expired.' };
			cobalt.faults.add({ kind: 'status', status: 403, body, accessToken, times: Infinity });
			expireLogin(scene, 0);
			await host.activate(webhookOfAll());
			changeEverywhere(scene, 'e1');
			await allDelivered(scene);
			expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1').sort());
			expect(cobalt.world.webhooks()).toHaveLength(1);
			await host.deactivate();
			expect(cobalt.world.webhooks()).toEqual([]);
		});
	});
});

describe('execute step', () => {
	it.each([pollingAll, webhookOfAll])(
		'shows the newest event of all clinics, also where the login of one has expired',
		async (workflow) => {
			await playClinics(3, async (scene) => {
				changePatient(scene, 0, 'e1');
				changePatient(scene, 2, 'e2');
				await minutes(1);
				changePatient(scene, 1, 'e3');
				expireLogin(scene, 2);
				const ended = await scene.host.testStep(workflow());
				expect(ended?.json('Trigger')).toMatchObject([
					{ event_id: 'e3', access_token_reference_id: 'clinic_2' },
				]);
				expect(scene.cobalt.world.webhooks()).toEqual([]);
			});
		},
	);
});
