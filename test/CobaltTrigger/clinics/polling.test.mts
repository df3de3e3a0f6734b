import { describe, expect, it } from 'vitest';

import { savedOf } from '../../../tools/n8n-host/host.mts';
import { referenceOf } from '../../Cobalt/clinics.mts';
import { logReads, minutes, patientUpdated, polling, runs, emitted } from '../setup.mts';
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
} from './setup.mts';

const SIZES = LOGS.flatMap((logOf) => [1, 3, 50].map((clinics) => [clinics, logOf] as const));

const EXPIRED = 'The EHR login for this access token has expired';

describe.each(LOGS)('a poll of several clinics, where a log is that of a %s', (logOf) => {
	it('goes on with a clinic whose login was renewed, and meanwhile with all others', async () => {
		await playClinics(
			3,
			async (scene) => {
				const { host } = scene;
				await host.activate(pollingAll());
				await minutes(1);
				expireLogin(scene, 1);
				changeEverywhere(scene, 'e1');
				await host.runFor(30);
				expect(emittedByClinic(scene)).toEqual(['clinic_1: e1', 'clinic_3: e1']);
				expect(host.failures.map(({ error }) => error.message)).toEqual([
					`Clinic clinic_2: ${EXPIRED}`,
				]);
				await host.runFor(60);
				expect(host.failures).toHaveLength(2);
				changeEverywhere(scene, 'e2');
				await host.runFor(2);
				expireLogin(scene, 1, false);
				await host.runFor(2);
				expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1', 'e2').sort());
				expect(host.failures).toHaveLength(2);
			},
			{ logOf },
		);
	});

	it('begins with the activation in a clinic whose login had expired by then', async () => {
		await playClinics(
			3,
			async (scene) => {
				const { host } = scene;
				changeEverywhere(scene, 'old');
				await minutes(30);
				expireLogin(scene, 0);
				await host.activate(pollingAll());
				changeEverywhere(scene, 'e1');
				await host.runFor(90);
				await host.restart();
				expireLogin(scene, 0, false);
				await host.runFor(2);
				expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1').sort());
			},
			{ logOf },
		);
	});

	it('emits an event that names no clinic once', async () => {
		await playClinics(
			3,
			async (scene) => {
				await scene.host.activate(pollingAll());
				await minutes(1);
				const { world } = scene.cobalt;
				world.addEvent({ ...patientUpdated('e1'), reference: '' });
				await scene.host.runFor(15);
				expect(emitted(scene).map(({ event_id }) => event_id)).toEqual(['e1']);
			},
			{ logOf },
		);
	});

	it('emits nothing of a clinic that is not in the credential', async () => {
		await playClinics(
			3,
			async (scene) => {
				useClinics(scene, 0, 2);
				await scene.host.activate(pollingAll());
				await minutes(1);
				changeEverywhere(scene, 'e1');
				await scene.host.runFor(3);
				expect(emittedByClinic(scene)).toEqual(['clinic_1: e1', 'clinic_3: e1']);
				expect(scene.host.failures).toEqual([]);
			},
			{ logOf },
		);
	});

	it('begins with an added clinic where a new trigger would, and forgets a removed one', async () => {
		await playClinics(
			3,
			async (scene) => {
				const { host } = scene;
				useClinics(scene, 0, 1);
				await host.activate(pollingAll());
				await minutes(1);
				changeEverywhere(scene, 'e1');
				await host.runFor(2);
				useClinics(scene, 1, 2);
				await host.runFor(2);
				changeEverywhere(scene, 'e2');
				await host.runFor(2);
				expect(emittedByClinic(scene)).toEqual([
					'clinic_1: e1',
					'clinic_2: e1',
					'clinic_2: e2',
					'clinic_3: e2',
				]);
				expect(Object.keys(savedOf(host)?.logs ?? {})).toHaveLength(2);
			},
			{ logOf },
		);
	});

	it('loses and repeats nothing when one clinic becomes several, and the other way round', async () => {
		await playClinics(
			3,
			async (scene) => {
				const { cobalt, host } = scene;
				const several = host.credential;
				const one = { ...several, ...cobalt.keys };
				host.credential = one;
				await host.activate(polling({ options: { clinics: 'clinic_1' } }));
				await minutes(1);
				changePatient(scene, 0, 'e1');
				await host.runFor(2);
				changePatient(scene, 0, 'e2');
				host.credential = several;
				await host.update(pollingAll({ options: { clinics: 'clinic_1, clinic_2' } }));
				changePatient(scene, 1, 'e3');
				await host.runFor(2);
				changeEverywhere(scene, 'e4');
				host.credential = one;
				await host.update(polling({ options: { clinics: 'clinic_1' } }));
				await host.runFor(2);
				expect(emittedByClinic(scene)).toEqual([
					'clinic_1: e1',
					'clinic_1: e2',
					'clinic_2: e3',
					'clinic_1: e4',
				]);
			},
			{ logOf },
		);
	});
});

describe('the cost of a poll', () => {
	it.each(SIZES)(
		'takes one request for each of %i clinics, and emits their events together in one run, where a log is that of a %s',
		async (clinics, logOf) => {
			await playClinics(
				clinics,
				async (scene) => {
					const { host } = scene;
					await host.activate(pollingAll());
					const activation = logReads(scene);
					expect(activation).toBeLessThanOrEqual(2 * clinics);
					await host.runFor(3);
					expect(logReads(scene) - activation).toBe(3 * clinics);
					changeEverywhere(scene, 'e1');
					await host.runFor(2);
					expect(runs(scene)).toHaveLength(1);
					expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1').sort());
					expect(logReads(scene) - activation).toBe(5 * clinics);
					expect(host.saved.length / clinics).toBeLessThan(700);
				},
				{ logOf },
			);
		},
	);
});

it('shares the events of a run among the clinics, so that the backlog of one holds up no other', async () => {
	await playClinics(3, async (scene) => {
		const { host } = scene;
		await host.activate(pollingAll({ options: { eventsPerRun: 10 } }));
		await minutes(1);
		for (let event = 0; event < 25; event += 1) changePatient(scene, 0, `a${event}`);
		changePatient(scene, 1, 'b');
		changePatient(scene, 2, 'c');
		await host.runFor(1);
		expect(emittedByClinic(scene)).toEqual(expect.arrayContaining(['clinic_2: b', 'clinic_3: c']));
		await host.runFor(8);
		expect(Math.max(...runs(scene).map(({ length }) => length))).toBeLessThanOrEqual(10);
		expect(new Set(emittedByClinic(scene)).size).toBe(27);
		expect(emitted(scene)).toHaveLength(27);
	});
});

it('fails as a poll of one clinic does when no clinic can be read', async () => {
	await playClinics(2, async (scene) => {
		const { host } = scene;
		await host.activate(pollingAll());
		await minutes(1);
		expireLogin(scene, 0);
		expireLogin(scene, 1);
		changeEverywhere(scene, 'e1');
		await host.runFor(2);
		expect(host.failures.map(({ error }) => error.message)).toEqual([EXPIRED, EXPIRED]);
		expireLogin(scene, 0, false);
		expireLogin(scene, 1, false);
		await host.runFor(1);
		expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1').sort());
	});
});

it('does not let a clinic that answers slowly hold up the others for long', async () => {
	await playClinics(7, async (scene) => {
		const { cobalt, host } = scene;
		await host.activate(pollingAll());
		await minutes(1);
		const { accessToken = '' } = cobalt.clinics[0]?.keys ?? {};
		cobalt.faults.add({ kind: 'slow', ms: 10 * 60_000, accessToken, times: Infinity });
		changeEverywhere(scene, 'e1');
		const before = Date.now();
		await host.tick();
		expect(Date.now() - before).toBeLessThan(30_000);
		expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1').slice(1).sort());
		expect(host.failures.map(({ error }) => error.message)).toEqual([
			expect.stringMatching(/^Clinic clinic_1: /) as string,
		]);
	});
});

it('reports a clinic whose token Cobalt knows by another name, and emits its events once that is corrected', async () => {
	await playClinics(3, async (scene) => {
		const { host } = scene;
		const right = host.credential;
		host.credential = {
			...right,
			accessTokens: (right.accessTokens as string).replace('clinic_2', 'riverside'),
		};
		await host.activate(pollingAll());
		await minutes(1);
		changeEverywhere(scene, 'e1');
		await host.runFor(3);
		expect(emittedByClinic(scene)).toEqual(['clinic_1: e1', 'clinic_3: e1']);
		expect(host.failures.map(({ error }) => error.message)).toEqual([
			'Clinic riverside: Cobalt knows this access token by another reference ID',
		]);
		host.credential = right;
		await host.runFor(2);
		expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1').sort());
	});
});

it('names the clinic of an event that is not simplified', async () => {
	await playClinics(2, async (scene) => {
		await scene.host.activate(pollingAll({ output: 'raw' }));
		await minutes(1);
		changeEverywhere(scene, 'e1');
		await scene.host.runFor(2);
		expect(emittedByClinic(scene)).toEqual(everywhere(scene, 'e1'));
	});
});

it('reads only the logs of the clinics that a filter lets through', async () => {
	await playClinics(3, async (scene) => {
		const clinics = `${referenceOf(1)}, not_there`;
		await scene.host.activate(pollingAll({ options: { clinics } }));
		await minutes(1);
		const before = logReads(scene);
		changeEverywhere(scene, 'e1');
		await scene.host.runFor(2);
		expect(logReads(scene) - before).toBe(2);
		expect(emittedByClinic(scene)).toEqual(['clinic_2: e1']);
		await scene.host.deactivate();
		const unknown = pollingAll({ options: { clinics: 'not_there' } });
		await expect(scene.host.activate(unknown)).rejects.toThrow(
			"'Clinics' names none of the clinics in the Cobalt credential",
		);
	});
});
