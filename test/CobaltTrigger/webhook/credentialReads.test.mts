/** Each time a node reads its credential, n8n asks its database, and makes a sandbox for the credential's expressions. */
import axios from 'axios';
import { expect, it } from 'vitest';

import {
	changePatient,
	emittedByClinic,
	playClinics,
	useClinics,
	webhookOfAll,
} from '../clinics/setup.mts';
import {
	allDelivered,
	changePatients,
	deliverChanges,
	emitted,
	ids,
	minutes,
	play,
	webhook,
} from '../setup.mts';

const BURST = 30;

it('reads the credential once for a burst of deliveries and the runs that they start', async () => {
	await play(async (scene) => {
		await scene.host.activate(webhook());
		const before = scene.host.credentialReads;
		changePatients(scene, ...ids(BURST));
		await allDelivered(scene);
		expect(emitted(scene)).toHaveLength(BURST);
		expect(scene.host.credentialReads - before).toBe(1);
	});
});

it('reads the credential once for a burst of forged deliveries, and once to ask for the secret', async () => {
	await play(async (scene) => {
		await scene.host.activate(webhook());
		const before = scene.host.credentialReads;
		const forge = async () =>
			await axios.post(scene.host.url(), {}, { validateStatus: () => true });
		await Promise.all(Array.from({ length: BURST }, forge));
		expect(scene.host.credentialReads - before).toBe(2);
	});
});

it('reads the credential again for a delivery that comes later', async () => {
	await play(async (scene) => {
		await scene.host.activate(webhook());
		await deliverChanges(scene, 'e1');
		await minutes(0.1);
		const before = scene.host.credentialReads;
		await deliverChanges(scene, 'e2');
		expect(scene.host.credentialReads - before).toBe(1);
	});
});

it('starts a run for an event of a clinic that was added to the credential a moment ago', async () => {
	await playClinics(2, async (scene) => {
		useClinics(scene, 0);
		await scene.host.activate(webhookOfAll());
		changePatient(scene, 0, 'e1');
		changePatient(scene, 1, 'e1');
		await scene.cobalt.delivered();
		useClinics(scene, 0, 1);
		changePatient(scene, 1, 'e2');
		await allDelivered(scene);
		expect(emittedByClinic(scene).sort()).toEqual(['clinic_1: e1', 'clinic_2: e2']);
	});
});

it('reads a credential again that could not be used a moment ago', async () => {
	await play(async (scene) => {
		await scene.host.activate(webhook());
		const { credential } = scene.host;
		scene.host.credential = { ...credential, accessToken: '' };
		changePatients(scene, 'e1');
		await minutes(0.01);
		scene.host.credential = credential;
		await allDelivered(scene);
		expect(scene.cobalt.deliveries.map(({ status }) => status)).toEqual([500, 200]);
		expect(emitted(scene)).toHaveLength(1);
	});
});
