import { expect, it } from 'vitest';

import { patientUpdated, play, polling } from './setup.mts';

it('an item of the trigger says first what happened, then to whom, and has the IDs last', async () => {
	await play(async ({ cobalt, host }) => {
		await host.activate(polling());
		const event = patientUpdated('e1');
		cobalt.world.addEvent(event);
		await host.runFor(2);
		const [json = {}] = host.executions.flatMap((run) => run.json('After'));
		expect(Object.keys(json)).toEqual([
			'event_type',
			'event_created_at',
			...Object.keys(event.data),
			'access_token_reference_id',
			'event_source',
			'event_id',
		]);
	});
});
