/** A log that takes parameters otherwise than documented: ignored, refused, or for something else. */
import { describe, expect, it } from 'vitest';

import type { CobaltOptions } from '../../../tools/fake-cobalt/index.mts';
import {
	allDelivered,
	changePatients,
	ids,
	logReads,
	minutes,
	play,
	polling,
	emittedIds,
	webhook,
	type Scene,
} from '../setup.mts';

type LogParameters = NonNullable<CobaltOptions['logParameters']>;

const LOGS: LogParameters[] = [
	{ sort: 'ignored' },
	{ sort: 'refused' },
	{ sort: 'reversed' },
	{ page_size: 'ignored' },
	{ page_size: 'refused' },
	{ start_date: 'ignored' },
	{ start_date: 'refused' },
	{ event_type: 'ignored' },
	{ event_type: 'refused' },
	{ sort: 'ignored', page_size: 'ignored', start_date: 'ignored', event_type: 'ignored' },
	{ sort: 'refused', page_size: 'refused', start_date: 'refused', event_type: 'refused' },
];

const expectAll = (scene: Scene, expected: string[]) => {
	expect(scene.host.failures.map(({ error }) => error.message)).toEqual([]);
	expect(emittedIds(scene)).toEqual(expected);
};

describe.each(['plain', 'prefixed'] as const)('a log in the spelling %s', (spelling) => {
	it.each(LOGS)('reads without gaps and repeats a log with %o', async (logParameters) => {
		await play(
			async (scene) => {
				const { host } = scene;
				changePatients(scene, ...ids(150, 1_000));
				await minutes(1);
				await host.activate(polling());
				await minutes(1);
				for (const part of [250, 3, 120]) {
					const from = emittedIds(scene).length + 1;
					for (const id of ids(part, from)) {
						changePatients(scene, id);
						await minutes(0.001);
					}
					await host.runFor(2);
				}
				expectAll(scene, ids(373));
				const before = logReads(scene);
				await host.runFor(5);
				expect(logReads(scene) - before).toBeLessThanOrEqual(150);
				await host.restart();
				changePatients(scene, 'e374');
				await host.runFor(1);
				expectAll(scene, ids(374));
			},
			{ cobalt: { spelling, logParameters } },
		);
	});
});

describe('a log that lists the newest first', () => {
	const cobalt = { logParameters: { sort: 'ignored' } } as const;

	it('emits a backlog in steps, with a restart halfway, while more events come', async () => {
		await play(
			async (scene) => {
				const { host } = scene;
				await host.activate(polling({ options: { eventsPerRun: 300 } }));
				await minutes(1);
				for (const id of ids(2_000)) {
					changePatients(scene, id);
					if (Number(id.slice(1)) % 10 === 0) await minutes(0.01);
				}
				const before = logReads(scene);
				for (let minute = 0; minute < 10; minute += 1) {
					changePatients(scene, ...ids(30, 2_001 + minute * 30));
					await host.runFor(1);
					if (minute === 3) await host.restart();
				}
				await host.runFor(5);
				expect(new Set(emittedIds(scene))).toEqual(new Set(ids(2_300)));
				expect(emittedIds(scene)).toHaveLength(2_300);
				expect(logReads(scene) - before).toBeLessThan(400);
			},
			{ cobalt },
		);
	});

	it('reads the log once in each poll when little happens', async () => {
		await play(
			async (scene) => {
				changePatients(scene, ...ids(350, 1_000));
				await minutes(60);
				await scene.host.activate(polling());
				changePatients(scene, 'e1');
				// Until then, the place is among old events that all have one time.
				await scene.host.runFor(3);
				const before = logReads(scene);
				await scene.host.runFor(5);
				expect(logReads(scene) - before).toBe(5);
				expect(emittedIds(scene)).toEqual(['e1']);
			},
			{ cobalt },
		);
	});

	it('emits more events of one moment than a run may have', async () => {
		await play(
			async (scene) => {
				await scene.host.activate(polling({ options: { eventsPerRun: 150 } }));
				await minutes(1);
				changePatients(scene, ...ids(700));
				await scene.host.runFor(8);
				expect(emittedIds(scene).sort()).toEqual(ids(700).sort());
			},
			{ cobalt },
		);
	});
});

it('reads an unsorted log as a whole', async () => {
	await play(
		async (scene) => {
			const { host } = scene;
			for (const id of ids(230, 1_000)) {
				changePatients(scene, id);
				await minutes(1);
			}
			await host.activate(polling());
			for (let turn = 0; turn < 8; turn += 1) {
				changePatients(scene, ...ids(20, turn * 20 + 1));
				await host.runFor(1);
			}
			expect(host.failures).toEqual([]);
			expect(emittedIds(scene).sort()).toEqual(ids(160).sort());
		},
		{ cobalt: { logParameters: { sort: 'shuffled' } } },
	);
});

it('fails the poll and skips nothing when the log always returns its first page', async () => {
	await play(
		async (scene) => {
			const { host } = scene;
			changePatients(scene, ...ids(90, 1_000));
			await host.activate(polling());
			await host.runFor(1);
			changePatients(scene, ...ids(30));
			await host.runFor(3);
			expect(host.failures).toHaveLength(3);
			expect(host.failures[0]?.error.message).toContain('the same page of its event log');
			expect(emittedIds(scene)).toEqual([]);
		},
		{ cobalt: { logParameters: { page: 'ignored' } } },
	);
});

describe('the search for missed events', () => {
	it.each<[CobaltOptions['spelling'], LogParameters]>([
		['plain', { status: 'ignored' }],
		['plain', { status: 'refused' }],
		['prefixed', {}],
		['prefixed', { status: 'refused' }],
		['prefixed', { status: 'refused', delivery_status: 'refused', sort: 'refused' }],
		['plain', { status: 'ignored', sort: 'ignored' }],
	])('finds missed events in a log in the spelling %s: %o', async (spelling, logParameters) => {
		await play(
			async (scene) => {
				await scene.host.activate(webhook());
				await minutes(5);
				for (const id of ids(5)) {
					changePatients(scene, `fine-${id}`);
					scene.cobalt.webhookSender.plan({ isNever: true });
					changePatients(scene, id);
				}
				await allDelivered(scene);
				await scene.host.runFor(3);
				expect(emittedIds(scene).sort()).toEqual(
					[...ids(5), ...ids(5).map((id) => `fine-${id}`)].sort(),
				);
				expect(scene.host.failures).toEqual([]);
			},
			{ cobalt: { spelling, logParameters } },
		);
	});
});
