import { describe, expect, it } from 'vitest';

import { clinicAt } from '../../Cobalt/clinics.mts';
import { emitted, minutes, runs, type Scene } from '../setup.mts';
import {
	changeEverywhere,
	changePatient,
	emittedByClinic,
	everywhere,
	playClinics,
	pollingAll,
} from './setup.mts';

/** From now on, Cobalt is slow with these clinics. */
function hang({ cobalt }: Scene, indexes: readonly number[]): void {
	for (const index of indexes) {
		const { accessToken } = clinicAt(cobalt, index).keys;
		cobalt.faults.add({ kind: 'slow', ms: 10 * 60_000, accessToken, times: Infinity });
	}
}

const first = (count: number): number[] => [...Array(count).keys()];

describe('Events per Run below the number of clinics', () => {
	it.each([
		[3, 1],
		[3, 2],
		[5, 4],
		[12, 11],
	])(
		'starts the event of one quiet clinic of %i, with %i in a run',
		async (clinics, eventsPerRun) => {
			await playClinics(clinics, async (scene) => {
				const { host } = scene;
				await host.activate(pollingAll({ options: { eventsPerRun } }));
				await minutes(1);
				for (const index of first(clinics - 1)) {
					for (let event = 0; event < 30; event += 1) changePatient(scene, index, `a${event}`);
				}
				changePatient(scene, clinics - 1, 'quiet');
				await host.runFor(clinics);
				expect(emittedByClinic(scene)).toContain(`clinic_${clinics}: quiet`);
				expect(Math.max(...runs(scene).map(({ length }) => length))).toBeLessThanOrEqual(
					eventsPerRun,
				);
			});
		},
	);

	it('works off the backlog of the last of the clinics while the others are quiet', async () => {
		await playClinics(3, async (scene) => {
			const { host } = scene;
			await host.activate(pollingAll({ options: { eventsPerRun: 1 } }));
			await minutes(1);
			for (let event = 0; event < 10; event += 1) changePatient(scene, 2, `a${event}`);
			await host.runFor(10);
			expect(emitted(scene)).toHaveLength(10);
		});
	});
});

describe('clinics that do not answer', () => {
	it.each([
		[12, 10],
		[30, 29],
	])('hold up the others for less than a minute: of %i clinics, %i', async (clinics, hanging) => {
		await playClinics(clinics, async (scene) => {
			const { host } = scene;
			await host.activate(pollingAll());
			await minutes(1);
			hang(scene, first(hanging));
			changeEverywhere(scene, 'e1');
			const before = Date.now();
			await host.tick();
			expect(Date.now() - before).toBeLessThan(60_000);
			expect(emittedByClinic(scene).sort()).toEqual(everywhere(scene, 'e1').slice(hanging).sort());
		});
	});
});
