/**
 * Contract C4, when an execution is retried more than once. n8n starts each Retry from what the original
 * had saved, so that none knows of another; here they end, are cut off, or die with their n8n, in any order.
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { loadNodeTypesAnew } from '../../../tools/n8n-host/n8n.mts';
import { engineNodeTypes, nodeTypesOf } from '../../../tools/n8n-host/nodeTypes.mts';
import { after, inVirtualTime } from '../../../tools/n8n-host/virtualTime.mts';
import {
	cobaltWorkflow,
	retryExecution,
	retryCutOff,
	Ended,
} from '../../../tools/n8n-host/workflow.mts';
import {
	bookings,
	cobaltForTest,
	CREATE,
	credentialOf,
	passed,
	refuse,
	run,
	submissions,
	tooManyRequests,
} from '../setup.mts';

const COUNT = 4;
const items = bookings(COUNT);

/** One field gives something else on each try. */
const NOW: INodeParameters = { ...CREATE, additionalFields: { note: '={{ $now.toMillis() }}' } };
const EDITED: INodeParameters = {
	...NOW,
	additionalFields: { note: '={{ "Corrected " + $now }}' },
};
const fileOf = (parameters: INodeParameters) => cobaltWorkflow(parameters, { items });

/** Another n8n process: it shares the database, and nothing else. */
const newProcess = async () => nodeTypesOf(await loadNodeTypesAnew());

/** One Retry, or several at the same moment. */
interface Step {
	/** Of which execution; 0 is the original. Default 0. */
	of?: number;
	/** In seconds: its n8n dies then. */
	diesAfter?: number;
	/** In seconds: it is stopped by an execution timeout. */
	stopsAfter?: number;
	/** The EHR refuses what is sent first. */
	fails?: boolean;
	/** Whether the workflow is edited before. */
	isEdited?: boolean;
	/** How many at once, each in a process of its own; or in the same one. */
	atOnce?: number;
	inOneProcess?: boolean;
}

const FAILS: Step = { fails: true };

const ORDERS: Step[][] = [
	[{}, {}],
	[{}, {}, {}],
	[{}, { isEdited: true }],
	[FAILS, {}],
	[FAILS, FAILS, {}],
	[FAILS, { of: 1 }, {}],
	[FAILS, { of: 1, fails: true }, { of: 2 }, {}],
	[FAILS, { of: 1 }, { of: 1 }],
	[FAILS, {}, { of: 1 }],
	[{ diesAfter: 2 }, {}],
	[{ diesAfter: 1.6 }, { diesAfter: 1.6 }, {}],
	[{ diesAfter: 2, isEdited: true }, { isEdited: true }],
	[{ stopsAfter: 2 }, {}],
	[{ stopsAfter: 2 }, { of: 1 }, {}],
	[{ stopsAfter: 1.55 }, { of: 1 }, { of: 1, isEdited: true }],
	[{ atOnce: 2 }],
	[{ atOnce: 2, inOneProcess: true }],
	[{ atOnce: 3, isEdited: true }, {}],
	[{ diesAfter: 0.8 }, { atOnce: 2 }],
	[FAILS, { atOnce: 2 }, { of: 1 }],
];

interface Original {
	what: string;
	prepare: (cobalt: Cobalt) => void;
	stopsAfter?: number;
	/** Whether each booking is in the EHR after an order that ends well. */
	isAllBooked?: boolean;
}

const ORIGINALS: Original[] = [
	{
		what: 'had one item refused',
		prepare: ({ faults }) => {
			faults.add({ ...refuse, path: '/appointments', after: 1 });
		},
	},
	{
		what: 'had one item fail in the EHR',
		prepare: ({ ehrWorker }) => {
			ehrWorker.plan({ outcome: 'failure', after: 2 });
		},
	},
	{
		what: 'had one response lost, and one item refused',
		prepare: ({ faults }) => {
			faults.add({ kind: 'dropAfterAccept', path: '/appointments' });
			faults.add({ ...refuse, path: '/appointments', after: 1 });
		},
	},
	{
		what: 'was stopped by its timeout with half of the items sent',
		prepare: ({ faults }) => {
			faults.add({ ...tooManyRequests(60), after: 2, times: 2 });
		},
		stopsAfter: 10,
	},
];

let minutes = 0;

async function play(
	cobalt: Cobalt,
	executions: Array<Ended | undefined>,
	{ of = 0, diesAfter, stopsAfter, fails, isEdited, atOnce = 1, inOneProcess }: Step,
): Promise<void> {
	const original = executions[of];
	if (!original) return;
	if (fails) cobalt.ehrWorker.plan({ outcome: 'failure' });
	const mayDie = diesAfter !== undefined;
	const nodeTypes = await Promise.all(
		Array.from({ length: atOnce }, async () =>
			inOneProcess || (atOnce === 1 && !mayDie) ? engineNodeTypes : await newProcess(),
		),
	);
	minutes += 5;
	const ended = await inVirtualTime(
		async () => {
			const retries = nodeTypes.map((types) => {
				const options = { credential: credentialOf(cobalt), nodeTypes: types };
				return retryExecution(original, options, fileOf(isEdited ? EDITED : NOW));
			});
			if (stopsAfter !== undefined) {
				after(stopsAfter, () => {
					for (const { cancel } of retries) cancel();
				});
			}
			const results = Promise.all(retries.map(async ({ result }) => await result));
			const dead = mayDie ? passed(diesAfter) : new Promise<never>(() => undefined);
			return await Promise.race([results, dead]);
		},
		() => cobalt.faults.heldBack,
		new Date(Date.parse('2025-03-10T15:00:00Z') + minutes * 60_000).toISOString(),
	);
	executions.push(ended?.[0]);
}

/** How often each booking is in the EHR, or on its way there. */
function timesBooked({ world }: Cobalt): number[] {
	const starts = world
		.appointments()
		.filter(({ status }) => status !== 'failed')
		.map(({ datetime }) => Date.parse(datetime));
	return items.map(({ datetime }) => {
		return starts.filter((start) => start === Date.parse(datetime as string)).length;
	});
}

const NEVER_TWICE = Array<unknown>(COUNT).fill(expect.toSatisfy((times: number) => times <= 1));

describe.each(ORIGINALS)('an execution that $what', ({ prepare, stopsAfter }) => {
	it.each(ORDERS.map((steps) => ({ steps, order: JSON.stringify(steps) })))(
		'books nothing twice in retries: $order',
		async ({ steps }) => {
			const cobalt = await cobaltForTest();
			prepare(cobalt);
			const original = await run(cobalt, {
				parameters: NOW,
				items,
				...(stopsAfter !== undefined && {
					meanwhile: ({ cancel }) => {
						after(stopsAfter, cancel);
					},
				}),
			});
			expect(original.error).toBeDefined();
			const executions: Array<Ended | undefined> = [original];
			for (const step of steps) await play(cobalt, executions, step);
			expect(timesBooked(cobalt)).toEqual(NEVER_TWICE);
		},
	);
});

describe('an item that a retry did not finish', () => {
	it('submits an item in the next retry of the original, however often it failed', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ outcome: 'failure', after: 1 });
		const executions: Array<Ended | undefined> = [await run(cobalt, { parameters: NOW, items })];
		for (const step of [FAILS, FAILS, FAILS, {}]) await play(cobalt, executions, step);
		expect(executions.at(-1)?.error).toBeUndefined();
		expect(timesBooked(cobalt)).toEqual(Array(COUNT).fill(1));
		expect(submissions(cobalt)).toBe(COUNT + 4);
	});

	it('submits an item in the next retry when the one before was stopped before its turn', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, path: '/appointments', times: COUNT });
		const executions: Array<Ended | undefined> = [await run(cobalt, { parameters: NOW, items })];
		cobalt.faults.clear();
		cobalt.faults.add({ ...tooManyRequests(60), after: 1, times: COUNT });
		await play(cobalt, executions, { stopsAfter: 20 });
		await play(cobalt, executions, { of: 1 });
		expect(timesBooked(cobalt)).toEqual(Array(COUNT).fill(1));
	});

	it('submits in the next retry what n8n had not marked as about to be sent when it died', async () => {
		const cobalt = await cobaltForTest();
		const many = bookings(60);
		cobalt.faults.add({ ...refuse, path: '/appointments', times: 60 });
		const original = await run(cobalt, { items: many });
		const file = cobaltWorkflow(CREATE, {
			items: many,
			settings: { onError: 'continueErrorOutput' },
		});
		cobalt.faults.clear();
		cobalt.faults.add({ ...tooManyRequests(60), after: 3, times: 60 });
		await inVirtualTime(
			async () => {
				retryExecution(
					original,
					{ credential: credentialOf(cobalt), nodeTypes: await newProcess() },
					file,
				);
				await passed(8);
			},
			() => cobalt.faults.heldBack,
		);
		expect(cobalt.world.appointments()).toHaveLength(3);
		cobalt.faults.clear();
		const ended = await inVirtualTime(
			async () => await retryExecution(original, { credential: credentialOf(cobalt) }, file).result,
			() => cobalt.faults.heldBack,
			'2025-03-10T16:00:00Z',
		);
		// What was noted and never sent is refused, too: nobody knows.
		expect(ended.json('On Error')).toHaveLength(40);
		expect(cobalt.world.appointments()).toHaveLength(3 + 20);
	});
});

describe('an execution of which n8n saved only the start', () => {
	const credentialsOf = (cobalt: Cobalt) => ({ credential: credentialOf(cobalt) });

	const again = async (cobalt: Cobalt, original: Ended, parameters: INodeParameters, now = items) =>
		await inVirtualTime(
			async () => {
				const settings = { onError: 'continueErrorOutput' } as const;
				const file = cobaltWorkflow(parameters, { items: now, settings });
				return await retryCutOff(original, credentialsOf(cobalt), file).result;
			},
			() => cobalt.faults.heldBack,
			'2025-03-10T16:00:00Z',
		);

	it.each([
		['nothing', NOW, items],
		['a sent field', EDITED, items],
		['an option', { ...NOW, options: { timeout: 300 } }, items],
		['an earlier node', NOW, items.map((item) => ({ ...item, type: 'new_patient' }))],
		['the order', NOW, [...items].reverse()],
		['the number of items', NOW, items.slice(1)],
	])('submits nothing again in two retries with %s edited', async (_what, parameters, now) => {
		const cobalt = await cobaltForTest();
		const original = await run(cobalt, { parameters: NOW, items });
		const first = await again(cobalt, original, parameters, now);
		const second = await again(cobalt, original, parameters, now);
		for (const ended of [first, second]) expect(ended.json('On Error')).toHaveLength(now.length);
		expect(submissions(cobalt)).toBe(COUNT);
	});

	it('submits lost items again once when Resubmit Untracked Items is on', async () => {
		const cobalt = await cobaltForTest();
		const original = await run(cobalt, { parameters: NOW, items });
		const parameters = { ...EDITED, options: { allowResubmission: true } };
		expect((await again(cobalt, original, parameters)).json()).toHaveLength(COUNT);
		expect((await again(cobalt, original, parameters)).json('On Error')).toHaveLength(COUNT);
		expect(timesBooked(cobalt)).toEqual(Array(COUNT).fill(2));
	});

	it('ignores equal items of an earlier execution', async () => {
		const cobalt = await cobaltForTest();
		await run(cobalt, { parameters: NOW, items, now: '2025-03-09T15:00:00Z' });
		cobalt.faults.add({ ...refuse, path: '/appointments', times: COUNT });
		const original = await run(cobalt, { parameters: NOW, items });
		const ended = await again(cobalt, original, NOW);
		expect(ended.json()).toHaveLength(COUNT);
		expect(timesBooked(cobalt)).toEqual(Array(COUNT).fill(2));
	});
});

describe('a booking that one retry made', () => {
	/** The second clinic stands for the first one with a renewed access token: it may book the same. */
	const renewed = ({ clinics }: Cobalt) => ({ accessToken: clinics[1]?.keys.accessToken ?? '' });

	/** Nothing of the original was taken; the first retry books all but one. */
	async function bookedByARetry(cobalt: Cobalt): Promise<Ended> {
		cobalt.faults.add({ ...refuse, path: '/appointments', times: COUNT });
		const original = await run(cobalt, { parameters: NOW, items });
		cobalt.faults.clear();
		cobalt.faults.add({ ...refuse, path: '/appointments', after: COUNT - 1 });
		const first = await retryAgain(cobalt, original);
		expect(first.json('On Error')).toHaveLength(1);
		cobalt.faults.clear();
		return original;
	}

	async function retryAgain(
		cobalt: Cobalt,
		original: Ended,
		{ credential, now = items }: { credential?: IDataObject; now?: IDataObject[] } = {},
	): Promise<Ended> {
		minutes += 5;
		return await inVirtualTime(
			async () => {
				const changed = structuredClone(original.run);
				for (const { data } of changed.data.executionData?.nodeExecutionStack ?? []) {
					data.main = [now.map((json) => ({ json }))];
				}
				const options = {
					credential: { ...credentialOf(cobalt), ...credential },
					executionId: `retry ${minutes}`,
				};
				const settings = { onError: 'continueErrorOutput' } as const;
				const file = cobaltWorkflow(NOW, { items, settings });
				return await retryExecution(new Ended(changed, file, original.traces), options).result;
			},
			() => cobalt.faults.heldBack,
			new Date(Date.parse('2025-03-10T15:00:00Z') + minutes * 60_000).toISOString(),
		);
	}

	const bookedAt = ({ clinics }: Cobalt) => clinics.map(({ world }) => world.appointments().length);

	it('does not book again in the next retry after the access token was renewed', async () => {
		const cobalt = await cobaltForTest({ clinics: 2 });
		const original = await bookedByARetry(cobalt);
		const next = await retryAgain(cobalt, original, { credential: renewed(cobalt) });
		expect(next.json('On Error')).toHaveLength(COUNT - 1);
		expect(bookedAt(cobalt)).toEqual([COUNT - 1, 1]);
	});

	it('does not book again in the next retry when earlier nodes return other items', async () => {
		const cobalt = await cobaltForTest();
		const original = await bookedByARetry(cobalt);
		const now = items.map((item) => ({ ...item, readAt: 'later' }));
		for (let tries = 0; tries < 2; tries += 1) {
			const next = await retryAgain(cobalt, original, { now });
			expect(next.json('On Error')).toHaveLength(COUNT);
		}
		expect(timesBooked(cobalt).reduce((sum, times) => sum + times)).toBe(COUNT - 1);
	});
});
