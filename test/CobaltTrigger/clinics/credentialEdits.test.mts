import { describe, expect, it } from 'vitest';

import { minutes } from '../setup.mts';
import {
	changeEverywhere,
	changePatient,
	emittedByClinic,
	everywhere,
	expireLogin,
	LOGS,
	playClinics,
	pollingAll,
	useClinics,
	webhookOfAll,
} from './setup.mts';

const WRONG_NAME = 'Cobalt knows this access token by another reference ID';

describe.each(LOGS)('an edited credential, where a log is that of a %s', (logOf) => {
	it('goes on with a clinic whose access token is replaced', async () => {
		await playClinics(
			3,
			async (scene) => {
				const { cobalt, host } = scene;
				await host.activate(pollingAll());
				await host.runFor(2);
				changeEverywhere(scene, 'e1');
				cobalt.reconnect(1);
				useClinics(scene);
				await host.runFor(2);
				changeEverywhere(scene, 'e2');
				await host.runFor(30);
				expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1', 'e2').sort());
				expect(host.failures).toEqual([]);
			},
			{ logOf },
		);
	});

	it('emits what happened in a clinic until its expired login was replaced by a new one', async () => {
		await playClinics(
			3,
			async (scene) => {
				const { cobalt, host } = scene;
				await host.activate(pollingAll());
				await host.runFor(2);
				expireLogin(scene, 1);
				changeEverywhere(scene, 'e1');
				await host.runFor(60);
				changeEverywhere(scene, 'e2');
				await host.restart();
				await host.runFor(2);
				expireLogin(scene, 1, false);
				cobalt.reconnect(1);
				useClinics(scene);
				await host.runFor(30);
				expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1', 'e2').sort());
			},
			{ logOf },
		);
	});

	it('recovers the deliveries that failed before the access token was replaced', async () => {
		await playClinics(
			2,
			async (scene) => {
				const { cobalt, host } = scene;
				await host.activate(webhookOfAll());
				await host.runFor(2);
				expireLogin(scene, 1);
				await host.runFor(2);
				cobalt.webhookSender.plan({ isNever: true });
				changePatient(scene, 1, 'e1');
				await host.runFor(5);
				expireLogin(scene, 1, false);
				cobalt.reconnect(1);
				useClinics(scene);
				await host.runFor(5);
				expect(emittedByClinic(scene)).toEqual(['clinic_2: e1']);
			},
			{ logOf, loopbackWebhooks: true },
		);
	});

	it('reports a reference ID that is made wrong while n8n runs, and loses nothing', async () => {
		await playClinics(
			2,
			async (scene) => {
				const { host } = scene;
				const right = host.credential;
				await host.activate(pollingAll());
				await host.runFor(2);
				const accessTokens = (right.accessTokens as string).replace('clinic_2', 'riverside');
				host.credential = { ...right, accessTokens };
				changeEverywhere(scene, 'e1');
				await host.runFor(5);
				expect(host.failures.map(({ error }) => error.message)).toEqual([
					`Clinic riverside: ${WRONG_NAME}`,
				]);
				host.credential = right;
				await host.runFor(2);
				expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1').sort());
			},
			{ logOf },
		);
	});

	it('reports access tokens that are swapped while n8n runs, and loses nothing', async () => {
		await playClinics(
			2,
			async (scene) => {
				const { host } = scene;
				const right = host.credential;
				await host.activate(pollingAll());
				await host.runFor(2);
				const [one, other] = scene.cobalt.clinics.map(({ keys }) => keys.accessToken);
				host.credential = {
					...right,
					accessTokens: `clinic_1: ${other ?? ''}\nclinic_2: ${one ?? ''}`,
				};
				changeEverywhere(scene, 'e1');
				await host.runFor(5);
				expect(host.failures.at(-1)?.error.message).toContain(WRONG_NAME);
				host.credential = right;
				await minutes(1);
				await host.runFor(2);
				expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1').sort());
			},
			{ logOf },
		);
	});
});
