/** Job Finished: one choice for the results of all operations that were not waited for. */
import { describe, expect, it } from 'vitest';

import { resources } from '../../nodes/Cobalt/resources/index.js';
import { queryFor } from '../../nodes/CobaltTrigger/filter.js';
import { outcomeOf } from '../../nodes/shared/events/outcome.js';
import { DOCUMENTED_EVENTS } from '../../nodes/shared/events/terminalEvents.js';
import { jobStatusOf } from '../../nodes/CobaltTrigger/jobStatus.js';
import { eventOf } from '../../nodes/shared/events/event.js';
import { atCobalt, play, polling, emitted, webhook, allDelivered } from './setup.mts';

const JOBS = { events: ['jobFinished'] };

const BOOKING = {
	mrn: '44235',
	location: '2',
	provider: '118',
	type: 'follow_up',
	datetime: '2025-06-02T14:00:00-04:00',
};

const terminal = resources.flatMap(({ operations }) =>
	operations.flatMap((operation) =>
		operation.kind === 'submission' ? [operation.terminalEvents] : [],
	),
);

const all = (kind: 'completed' | 'failed') =>
	[...new Set(terminal.flatMap((events) => events[kind]))].sort();

it('knows the events that end the jobs of the action node, and no others', () => {
	expect([...DOCUMENTED_EVENTS.completed].sort()).toEqual(all('completed'));
	expect([...DOCUMENTED_EVENTS.failed].sort()).toEqual(all('failed'));
	expect(all('completed').filter((type) => all('failed').includes(type))).toEqual([]);
});

describe('the status of a job', () => {
	const cases = terminal.flatMap((events) =>
		[...events.completed, ...events.failed].flatMap((type) =>
			[{}, { failure_reason: 'Closed' }, { success: false }].map((data) => ({
				type,
				data,
				events,
			})),
		),
	);
	it.each(cases)(
		'jobStatusOf agrees with the action node about $type with $data',
		({ type, data, events }) => {
			const event = eventOf({ id: 'e', type, job_id: 7, data });
			expect(jobStatusOf(event)).toBe(outcomeOf([event], events)?.status);
		},
	);

	it.each([
		['claim.created', 'completed'],
		['claim.failed', 'failed'],
		['payment.rejected', 'failed'],
		['claim.processing', undefined],
		['access_token.login_required', undefined],
	])('jobStatusOf decides about %s by its shape: %s', (type, status) => {
		expect(jobStatusOf(eventOf({ type, job_id: 7, data: {} }))).toBe(status);
		expect(jobStatusOf(eventOf({ type, data: {} }))).toBeUndefined();
	});
});

it('requests events of all types from the log for Job Finished', () => {
	expect(queryFor({ types: ['jobFinished'], source: 'any' })).toEqual({});
	expect(queryFor({ types: ['note.created', 'jobFinished'], source: 'any' })).toEqual({});
});

describe.each([
	['polling', polling],
	['webhook', webhook],
] as const)('in the mode %s', (_, workflow) => {
	it('starts the workflow for every finished job that nobody waits for', async () => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			await host.activate(workflow(JOBS));
			await atCobalt(scene, '/appointments', BOOKING);
			cobalt.ehrWorker.plan({ outcome: 'failure', kind: 'appointment.create' });
			await atCobalt(scene, '/appointments', { ...BOOKING, datetime: '2025-06-03T14:00:00-04:00' });
			cobalt.world.addEvent({ type: 'patient.updated', data: { mrn: '804' } });
			cobalt.world.addEvent({ type: 'claim.processing', jobId: '99', data: {} });
			await host.runFor(3);
			await allDelivered(scene);
			const [booked, refused] = cobalt.world.jobs();
			const items = emitted(scene).map(({ job_id, job_status, event_type }) => ({
				job_id,
				job_status,
				event_type,
			}));
			expect(items).toHaveLength(2);
			expect(items).toEqual(
				expect.arrayContaining([
					{ job_id: booked?.id, job_status: 'completed', event_type: 'appointment.created' },
					{ job_id: refused?.id, job_status: 'failed', event_type: 'appointment.failed' },
				]),
			);
		});
	});
});

it('emits finished jobs together with events of other types, which have no job', async () => {
	await play(async (scene) => {
		const { cobalt, host } = scene;
		await host.activate(polling({ events: ['jobFinished', 'patient.updated'], output: 'raw' }));
		cobalt.world.addEvent({ type: 'patient.updated', data: { mrn: '804' } });
		cobalt.world.addEvent({ type: 'task.created', jobId: '7', data: {} });
		await host.runFor(2);
		expect(emitted(scene).map(({ job_status }) => job_status)).toEqual([undefined, 'completed']);
	});
});
