/**
 * Contract C4, when the workflow is edited between the tries, as our own texts advise: what Cobalt has, or
 * may have, is never booked again, and what failed is booked with the corrections.
 */
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { after } from '../../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, type Ended } from '../../../tools/n8n-host/workflow.mts';
import {
	bookings,
	cobaltForTest,
	CREATE,
	refuse,
	retry,
	retryLost,
	run,
	runFile,
	submissions,
	twice,
} from '../setup.mts';

const items = bookings(3);

/** How the second of three items ended; the others are booked. */
const ENDS: Record<
	string,
	{ prepare: (cobalt: Cobalt) => void; isSentAfresh: boolean; stopsAfter?: number }
> = {
	completed: {
		prepare: ({ faults }) => {
			// Something else has stopped the node.
			faults.add({ kind: 'status', status: 401, path: '/webhook-events', after: 1, times: 3 });
		},
		isSentAfresh: false,
	},
	pending: {
		prepare: ({ ehrWorker }) => {
			ehrWorker.plan({ seconds: 100, after: 1 });
		},
		stopsAfter: 20,
		isSentAfresh: false,
	},
	unknown: {
		prepare: ({ faults }) => {
			faults.add({ kind: 'dropAfterAccept', path: '/appointments', after: 1 });
		},
		isSentAfresh: false,
	},
	failed: {
		prepare: ({ ehrWorker }) => {
			ehrWorker.plan({ outcome: 'failure', after: 1 });
		},
		isSentAfresh: true,
	},
	'not sent': {
		prepare: ({ faults }) => {
			faults.add({ ...refuse, path: '/appointments', after: 1 });
		},
		isSentAfresh: true,
	},
};

const EDITS: Record<string, (parameters: INodeParameters) => INodeParameters> = {
	nothing: (parameters) => parameters,
	'a sent field': (parameters) => ({
		...parameters,
		additionalFields: { chiefComplaint: 'Corrected' },
	}),
	'an option': (parameters) => ({ ...parameters, options: { timeout: 300 } }),
	'Search for the Appointment': (parameters) => ({
		...parameters,
		options: { ifResponseLost: 'search' },
	}),
	'another option': (parameters) => ({
		...parameters,
		options: { concurrency: 1, pollInterval: 2 },
	}),
	'a mapping': (parameters) => ({
		...parameters,
		location: '={{ $json.location + "" }}',
		provider: '118',
	}),
};

const SETTINGS: Array<Partial<INode>> = [
	{},
	{ onError: 'continueRegularOutput' },
	{ onError: 'continueErrorOutput' },
];

const withNow = (parameters: INodeParameters): INodeParameters => ({
	...parameters,
	additionalFields: {
		...(parameters.additionalFields as INodeParameters | undefined),
		note: '={{ $now.toMillis() + " " + $itemIndex }}',
	},
});

const isSent = ({ status }: { status: string }) => status !== 'failed';

/** How often each booking is in the EHR, or on its way there. */
function timesBooked({ world }: Cobalt): number[] {
	const starts = world
		.appointments()
		.filter(isSent)
		.map(({ datetime }) => Date.parse(datetime));
	return items.map(
		({ datetime }) => starts.filter((start) => start === Date.parse(datetime as string)).length,
	);
}

describe.each(Object.entries(ENDS))(
	'an item that is %s',
	(_end, { prepare, isSentAfresh, stopsAfter }) => {
		describe.each(Object.entries(EDITS))('an edit of %s', (_edit, edit) => {
			it.each([
				['a Retry', CREATE, {}],
				['a Retry, and $now in a field', withNow(CREATE), {}],
				...SETTINGS.map((settings): [string, INodeParameters, Partial<INode>] => [
					`a Retry with On Error ${settings.onError ?? 'stop'}, and $now in a field`,
					withNow(CREATE),
					settings,
				]),
			])('books nothing twice after the edit in %s', async (_what, parameters, settings) => {
				const cobalt = await cobaltForTest();
				prepare(cobalt);
				const stopped = await run(cobalt, {
					parameters,
					items,
					...(stopsAfter !== undefined && {
						meanwhile: ({ cancel }) => {
							after(stopsAfter, cancel);
						},
					}),
				});
				expect(stopped.error).toBeDefined();
				const before = submissions(cobalt);
				const file = cobaltWorkflow(edit(parameters), { items, settings });
				const ended = await retry(cobalt, stopped, { file, now: '2025-03-10T15:05:00Z' });
				expect(timesBooked(cobalt)).toEqual([1, 1, 1]);
				expect(submissions(cobalt) - before).toBe(isSentAfresh ? 1 : 0);
				if (isSentAfresh) expect(ended.json()).toHaveLength(3);
			});
		});

		it.each(SETTINGS)('books nothing twice with Retry On Fail and $now, %o', async (onError) => {
			const cobalt = await cobaltForTest();
			prepare(cobalt);
			const settings = { retryOnFail: true, maxTries: 3, ...onError };
			await run(cobalt, { parameters: withNow(CREATE), items, settings });
			for (const times of timesBooked(cobalt)) expect(times).toBeLessThanOrEqual(1);
		});
	},
);

/** The items that n8n saved for the node, changed: as if what comes before were run again. */
function withItems(ended: Ended, change: (saved: IDataObject[]) => IDataObject[]): Ended {
	const [entry] = ended.run.data.executionData?.nodeExecutionStack ?? [];
	if (!entry) throw new Error('Nothing is on the stack');
	const saved = (entry.data.main?.[0] ?? []).map(({ json }) => json);
	entry.data.main = [change(saved).map((json, item) => ({ json, pairedItem: { item } }))];
	return ended;
}

describe('items that were changed before the retry', () => {
	it.each<
		[what: string, change: (saved: IDataObject[]) => IDataObject[], booked: number[], sent: number]
	>([
		['in their order', (saved) => [...saved].reverse(), [1, 1, 1], 1],
		[
			'by a field that is not sent',
			(saved) => saved.map((item) => ({ ...item, row: 7 })),
			[1, 1, 1],
			1,
		],
		['by removing one', ([, ...rest]) => rest, [1, 0, 1], 0],
		['by adding one', (saved) => [...saved, ...bookings(4).slice(3)], [1, 1, 1], 2],
		['by adding one at the start', (saved) => [...bookings(4).slice(3), ...saved], [1, 1, 1], 2],
		[
			'in a sent field',
			(saved) => saved.map((item) => ({ ...item, type: 'new_patient' })),
			[1, 0, 1],
			0,
		],
	])('books nothing twice when the items were changed %s', async (_what, change, booked, sent) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, path: '/appointments', after: 1 });
		const stopped = await run(cobalt, { items });
		const before = submissions(cobalt);
		const settings = { onError: 'continueErrorOutput' } as const;
		const file = cobaltWorkflow(CREATE, { items, settings });
		await retry(cobalt, withItems(stopped, change), { file });
		expect(timesBooked(cobalt)).toEqual(booked);
		expect(submissions(cobalt) - before).toBe(sent);
	});

	it('says that a changed item may have been submitted, and what to do', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, path: '/appointments', after: 1 });
		const stopped = await run(cobalt, { items });
		const { error } = await retry(
			cobalt,
			withItems(stopped, (saved) => saved.map((item) => ({ ...item, type: 'new_patient' }))),
		);
		expect(error?.message).toBe(
			'Appointment: Create may already have been submitted in this execution with other contents [item 0]',
		);
		expect(error?.description).toContain('run the workflow again with this item only');
	});

	it('says for another operation that the item was done with the first one', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, path: '/appointments', after: 1 });
		const stopped = await run(cobalt, { items });
		const parameters = {
			resource: 'task',
			operation: 'create',
			patientMrn: '={{ $json.mrn }}',
			taskDescription: 'Call back',
		};
		const { error } = await retry(cobalt, stopped, {
			file: cobaltWorkflow(parameters, { items }),
		});
		expect(error?.message).toBe(
			'Task: Create was not submitted, because this execution has run another operation for this item [item 0]',
		);
		expect(cobalt.world.requests({ method: 'POST', path: '/tasks' })).toEqual([]);
	});
});

it('books two hundred items once when one of them is corrected', async () => {
	const many = bookings(200);
	const cobalt = await cobaltForTest();
	cobalt.ehrWorker.plan({ outcome: 'failure', after: 150 });
	const stopped = await run(cobalt, { parameters: withNow(CREATE), items: many });
	const file = cobaltWorkflow(EDITS['a sent field']?.(CREATE) ?? {}, { items: many });
	const ended = await retry(cobalt, stopped, { file });
	expect(ended.json()).toHaveLength(200);
	expect(cobalt.world.appointments().filter(isSent)).toHaveLength(200);
});

it('sends a change once, and outputs no status that it did not send', async () => {
	const cobalt = await cobaltForTest();
	const [location] = cobalt.world.locations();
	const parameters = { resource: 'location', operation: 'update', locationId: location?.id ?? '' };
	const update = (status: string) =>
		cobaltWorkflow({ ...parameters, status }, { items: [{ n: 1 }, { n: 2 }] });
	cobalt.faults.add({ kind: 'status', status: 400, method: 'PATCH', after: 1 });
	const stopped = await runFile(cobalt, update('inactive'));
	expect(stopped.error).toBeDefined();
	const ended = await retry(cobalt, stopped, { file: update('active') });
	expect(cobalt.world.requests({ method: 'PATCH' })).toHaveLength(3);
	const [first] = ended.json();
	expect(first).toMatchObject({ done_by_earlier_try: true });
	expect(first).not.toHaveProperty('status');
});

describe('a lost execution whose workflow is edited', () => {
	it.each(Object.entries(EDITS))('books nothing twice after editing %s', async (_what, edit) => {
		const cobalt = await cobaltForTest();
		await run(cobalt, { parameters: withNow(CREATE), items });
		await retryLost(cobalt, cobaltWorkflow(edit(withNow(CREATE)), { items }));
		expect(submissions(cobalt)).toBe(3);
	});

	it('books nothing twice in a lost execution when an earlier node is corrected', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { ...CREATE, additionalFields: { chiefComplaint: '={{ $json.reason }}' } };
		await run(cobalt, {
			parameters,
			items: items.map((item) => ({ ...item, reason: 'Kne pain' })),
		});
		const corrected = items.map((item) => ({ ...item, reason: 'Knee pain' }));
		await retryLost(cobalt, cobaltWorkflow(parameters, { items: corrected }));
		expect(submissions(cobalt)).toBe(3);
	});
});

describe('rounds of a loop', () => {
	it('books each item of each round once when the workflow is edited between the tries', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, path: '/appointments', after: 4 });
		const stopped = await runFile(cobalt, twice(cobaltWorkflow(withNow(CREATE), { items })));
		expect(stopped.error).toBeDefined();
		const edited = twice(cobaltWorkflow(withNow(EDITS['a sent field']?.(CREATE) ?? {}), { items }));
		const ended = await retry(cobalt, stopped, { file: edited });
		expect(ended.error).toBeUndefined();
		expect(timesBooked(cobalt)).toEqual([2, 2, 2]);
	});
});
