import { expect, it } from 'vitest';

import { Deliveries, deliveryKey } from '../../nodes/CobaltTrigger/webhook/deliveries.js';
import { eventOf } from '../../nodes/shared/events/event.js';
import { credentialOf } from '../Cobalt/setup.mts';
import { patientUpdated, play, polling, emittedIds } from './setup.mts';

it('emits an event of another clinic that has the ID of an event of the first clinic', async () => {
	await play(
		async (scene) => {
			const { cobalt, host } = scene;
			await host.activate(polling());
			cobalt.world.addEvent(patientUpdated('e1'));
			await host.runFor(2);
			expect(emittedIds(scene)).toEqual(['e1']);
			const [, other] = cobalt.clinics;
			host.credential = { ...credentialOf(cobalt), ...other?.keys };
			await host.deactivate();
			await host.activate(polling());
			other?.world.addEvent(patientUpdated('e1'));
			await host.runFor(2);
			expect(emittedIds(scene)).toEqual(['e1', 'e1']);
		},
		{ cobalt: { clinics: 2 } },
	);
});

it('does not count a delivery for another clinic as a repeated one', () => {
	const event = eventOf(patientUpdated('e1'));
	const deliveries = new Deliveries();
	deliveries.add(deliveryKey('one', event));
	expect(deliveries.has(deliveryKey('one', event))).toBe(true);
	expect(deliveries.has(deliveryKey('other', event))).toBe(false);
});
