import { describe, expect, it } from 'vitest';

import { outputItem } from '../../../nodes/Cobalt/execution/outputItems.js';
import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { bookings, cobaltForTest, CREATE, refuse, run } from '../setup.mts';

it('an output item is paired with its input item, and has its files', () => {
	const binary = { data: { data: '', mimeType: 'text/plain' } };
	expect(outputItem({ json: { id: 1 }, binary }, 3)).toEqual({
		json: { id: 1 },
		binary,
		pairedItem: { item: 3 },
	});
});

it.each(['denied', true, { code: 7 }, 0, null])(
	'an output item never has the error %j, which would make n8n run the node again',
	(error) => {
		const { json } = outputItem({ json: { id: 1, error, status: 'ERROR' } }, 0);
		expect(json).toEqual({ id: 1, status: 'ERROR', cobalt_error: error });
	},
);

const WITHOUT_WAIT = { ...CREATE, waitForResult: false };

describe('the time of a booking', () => {
	const entered = { ...bookings(1)[0], datetime: '2025-07-01T14:00:00-05:00' };

	it.each([
		['as submitted, until the EHR has booked', WITHOUT_WAIT, '2025-07-01T14:00:00-05:00'],
		['as the EHR says, once it has booked', CREATE, '2025-07-01T19:00:00.000Z'],
	])('comes out %s', async (_, parameters, datetime) => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, { items: [entered], parameters });
		expect(ended.json()[0]).toMatchObject({ mrn: '44235', datetime });
	});

	it('stays as submitted if the event has none', async () => {
		const cobalt = await cobaltForTest();
		const data = { appointment_id: 'a1', mrn: null, date_time: null };
		cobalt.ehrWorker.plan({ seconds: 900 });
		const parameters = { ...CREATE, options: { timeout: 60 } };
		const meanwhile = () => {
			setTimeout(() => {
				const jobId = String(cobalt.world.jobs()[0]?.id);
				cobalt.world.addEvent({ type: 'appointment.created', jobId, data });
			}, 5000);
		};
		const ended = await run(cobalt, { items: [entered], parameters, meanwhile });
		expect(ended.json()[0]).toMatchObject({
			job_status: 'completed',
			mrn: '44235',
			datetime: '2025-07-01T14:00:00-05:00',
		});
	});
});

it.each([
	[
		'the EHR rejects it',
		'failed',
		(cobalt: Cobalt) => {
			cobalt.ehrWorker.plan({ outcome: 'failure', kind: 'appointment.create' });
		},
	],
	[
		'Cobalt rejects it',
		'not_submitted',
		(cobalt: Cobalt) => {
			cobalt.faults.add({ ...refuse, method: 'POST' });
		},
	],
	[
		'it is not known whether it was submitted',
		'unknown',
		(cobalt: Cobalt) => {
			cobalt.faults.add({ kind: 'dropAfterAccept', method: 'POST' });
		},
	],
] as const)(
	'a failed item says first whose booking it was, when %s',
	async (_, status, prepare) => {
		const cobalt = await cobaltForTest();
		prepare(cobalt);
		const ended = await run(cobalt, { settings: { onError: 'continueErrorOutput' } });
		const { details } = ended.json('Cobalt', 1)[0] ?? {};
		expect(details).toMatchObject({
			job_status: status,
			mrn: '44235',
			datetime: '2025-06-02T13:00:00+00:00',
			type: 'follow_up',
		});
		const keys = Object.keys(details as object);
		expect(keys.slice(0, 4)).toEqual(['job_status', 'mrn', 'datetime', 'type']);
	},
);
