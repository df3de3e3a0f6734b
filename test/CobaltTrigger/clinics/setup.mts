/** A trigger whose credential has several clinics. */
import type { INode, INodeParameters } from 'n8n-workflow';

import type { CobaltOptions } from '../../../tools/fake-cobalt/index.mts';
import { clinicAt, multipleCredentialOf, MULTIPLE, referenceOf } from '../../Cobalt/clinics.mts';
import { patientUpdated, play, polling, emitted, webhook, type Scene } from '../setup.mts';

const CREDENTIALS: Pick<INode, 'credentials'> = {
	credentials: { cobaltMultipleClinicsApi: { id: '2', name: 'All clinics' } },
};

/** Whose events the log of an access token lists: not documented. */
export const LOGS = ['clinic', 'client'] as const;

export const pollingAll = (parameters: INodeParameters = {}) =>
	polling({ ...MULTIPLE, ...parameters }, CREDENTIALS);

export const webhookOfAll = (parameters: INodeParameters = {}) =>
	webhook({ ...MULTIPLE, ...parameters }, CREDENTIALS);

/** Plays a scene with so many clinics, all of which are in the credential. */
export async function playClinics(
	clinics: number,
	work: (scene: Scene) => Promise<void>,
	cobalt: CobaltOptions = {},
): Promise<void> {
	await play(
		async (scene) => {
			useClinics(scene);
			await work(scene);
		},
		{ cobalt: { clinics, ...cobalt } },
	);
}

/** From now on, the credential has the clinics at these indexes alone. Default: all. */
export function useClinics({ cobalt, host }: Scene, ...indexes: number[]): void {
	const credential = multipleCredentialOf(cobalt);
	const lines = credential.accessTokens.split('\n');
	const chosen = lines.filter((_, index) => indexes.length === 0 || indexes.includes(index));
	host.credential = { ...credential, accessTokens: chosen.join('\n') };
}

/** A patient is changed in a clinic. Clinics may have the same ids for their events. */
export function changePatient({ cobalt }: Scene, index: number, id: string): void {
	clinicAt(cobalt, index).world.addEvent(patientUpdated(id));
}

/** The same in each clinic. */
export function changeEverywhere(scene: Scene, id: string): void {
	for (const index of scene.cobalt.clinics.keys()) changePatient(scene, index, id);
}

/** Whether the EHR login of a clinic has expired. */
export function expireLogin({ cobalt }: Scene, index: number, isExpired = true): void {
	clinicAt(cobalt, index).world.settings.loginExpired = isExpired;
}

/** What the workflow got, as `clinic: event`. */
export function emittedByClinic(scene: Scene): string[] {
	return emitted(scene).map((event) => {
		const { access_token_reference_id: clinic, event_id: id } = event as Record<string, string>;
		return `${clinic}: ${id}`;
	});
}

/** What it is to get of an event that happens in each clinic. */
export function everywhere({ cobalt }: Scene, ...ids: string[]): string[] {
	return ids.flatMap((id) => cobalt.clinics.map((_, index) => `${referenceOf(index)}: ${id}`));
}
