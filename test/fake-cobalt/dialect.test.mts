import { describe, expect, it } from 'vitest';

import type { CobaltOptions } from '../../tools/fake-cobalt/index.mts';
import { BOOKING, eventsOf, openCobalt, freezeClock } from './setup.mts';

freezeClock();

describe('a dialect', () => {
	it('spells events plainly by default', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.world.addEvent({ type: 'patient.updated', data: { mrn: '804' } });
		expect(eventsOf(await client.get('/webhook-events'))).toEqual([
			{
				id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
				access_token_reference_id: 'clinic_1',
				object: 'event',
				created: expect.any(String) as string,
				type: 'patient.updated',
				status: expect.any(String) as string,
				delivered: expect.any(Boolean) as boolean,
				delivery_attempts: expect.any(Number) as number,
				last_delivery_attempt: expect.anything() as string,
				response_status_code: expect.any(Number) as number,
				data: { mrn: '804' },
			},
		]);
	});

	it('spells events with prefixes', async () => {
		const { cobalt, client } = await openCobalt({ spelling: 'prefixed' });
		cobalt.world.addEvent({ type: 'x', id: '1', jobId: '7', created: '2025-01-01T00:00:00.000Z' });
		for (let count = 0; count < 20; count++) cobalt.world.addEvent({ type: 'y' });
		const oldest = await client.get('/webhook-events', { sort: 'created_at', page_size: 1 });
		expect(eventsOf(oldest)).toEqual([
			{
				event_id: '1',
				event_type: 'x',
				webhook_url: expect.any(String) as string,
				delivery_status: expect.any(String) as string,
				data: {},
				created_at: '2025-01-01T00:00:00.000Z',
				job_id: '7',
				access_token_reference_id: 'clinic_1',
			},
		]);
		const failed = eventsOf(await client.get('/webhook-events', { delivery_status: 'failed' }));
		expect(failed.length).toBeGreaterThan(0);
		expect(failed.length).toBeLessThan(21);
		expect(eventsOf(await client.get('/webhook-events', { status: 'failed' }))).toHaveLength(21);
		expect((await client.get('/webhook-events', { sort: 'created' })).status).toBe(400);
	});

	const id = expect.any(String) as string;
	const message = expect.any(String) as string;
	const number = expect.any(Number) as number;
	const string = expect.stringMatching(/^\d+$/) as string;
	it.each<[CobaltOptions, object, object]>([
		[{}, { data: { appointment_id: id, message, job_id: number } }, { data: { job_id: number } }],
		[{ nesting: 'flat' }, { appointment_id: id, message, job_id: number }, { job_id: number }],
		[
			{ nesting: 'flat', jobIds: 'string' },
			{ appointment_id: id, message, job_id: string },
			{ job_id: string },
		],
		[{ jobIds: 'absent' }, { data: { appointment_id: id, message } }, {}],
	])('responds to submissions as set by %o', async (options, created, changed) => {
		const { cobalt, client } = await openCobalt(options);
		const creation = await client.post('/appointments', BOOKING);
		expect(creation.data).toEqual({ success: true, ...created });
		const [appointment] = cobalt.world.appointments();
		const update = await client.patch(`/appointments/${String(appointment?.id)}`, { note: 'x' });
		expect(update.data).toEqual({
			success: true,
			message: 'Appointment updated successfully',
			...changed,
		});
	});

	it.each<[CobaltOptions, unknown, unknown]>([
		[{}, '7', undefined],
		[{ eventJobIds: 'number' }, 7, undefined],
		[{ spelling: 'prefixed' }, '7', null],
		[{ spelling: 'prefixed', eventJobIds: 'number' }, 7, null],
	])('writes the jobs of the event log as set by %o', async (options, named, nameless) => {
		const { cobalt, client } = await openCobalt(options);
		cobalt.world.addEvent({ type: 'x', jobId: '7' });
		cobalt.world.addEvent({ type: 'x.live_fetch_completed', jobId: '7' });
		cobalt.world.addEvent({ type: 'x' });
		const ids = eventsOf(await client.get('/webhook-events')).map(({ job_id }) => job_id);
		expect(ids).toHaveLength(3);
		expect(new Set(ids)).toEqual(new Set([named, nameless]));
		expect(eventsOf(await client.get('/webhook-events', { job_id: 7 }))).toHaveLength(2);
	});

	it('can ignore the job_id filter', async () => {
		const { cobalt, client } = await openCobalt({ jobIdFilter: 'ignored' });
		cobalt.world.addEvent({ type: 'x', jobId: '1' });
		cobalt.world.addEvent({ type: 'x', jobId: '2' });
		expect(eventsOf(await client.get('/webhook-events', { job_id: '1' }))).toHaveLength(2);
	});
});
