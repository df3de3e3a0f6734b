import { expect, it } from 'vitest';

import { Deliveries } from '../../nodes/CobaltTrigger/webhook/deliveries.js';
import { credentialOf } from '../Cobalt/setup.mts';
import { patientUpdated, play, polling, toldIds } from './setup.mts';

it('tells what happens at another clinic, though it has the id of an event of the first', async () => {
	await play(
		async (scene) => {
			const { cobalt, host } = scene;
			await host.activate(polling());
			cobalt.world.addEvent(patientUpdated('e1'));
			await host.runFor(2);
			expect(toldIds(scene)).toEqual(['e1']);
			const [, other] = cobalt.clinics;
			host.credential = { ...credentialOf(cobalt), ...other?.keys };
			await host.deactivate();
			await host.activate(polling());
			other?.world.addEvent(patientUpdated('e1'));
			await host.runFor(2);
			expect(toldIds(scene)).toEqual(['e1', 'e1']);
		},
		{ cobalt: { clinics: 2 } },
	);
});

it('takes no delivery of another clinic for a repeated one', () => {
	const deliveries = new Deliveries();
	deliveries.openFor('one');
	deliveries.add('e1');
	deliveries.openFor('one');
	expect(deliveries.has('e1')).toBe(true);
	deliveries.openFor('other');
	expect(deliveries.has('e1')).toBe(false);
});
