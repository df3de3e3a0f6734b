/**
 * Contract C15 when executions are retried, each time in another process of n8n: only what n8n saved and its
 * database are left. Cobalt lists a new patient ten minutes late, and the EHR notices no duplicates.
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../../tools/fake-cobalt/index.mts';
import { loadNodeTypesAnew } from '../../../../tools/n8n-host/n8n.mts';
import { nodeTypesOf } from '../../../../tools/n8n-host/nodeTypes.mts';
import { after, inVirtualTime } from '../../../../tools/n8n-host/virtualTime.mts';
import {
	cobaltWorkflow,
	retryCutOff,
	retryExecution,
	startWorkflow,
	Ended,
} from '../../../../tools/n8n-host/workflow.mts';
import { cobaltForTest, credentialOf, passed, refuse } from '../../setup.mts';
import {
	ADA,
	CONTINUE,
	created,
	FIND_OR_CREATE,
	findOrCreate,
	submitted,
	trustEverything,
} from './setup.mts';

const ADAS = ['Ada', 'ADA', 'Àda'].map((first) => ({ ...ADA, first }));

/** The same person three times, and somebody else at the end. */
const PEOPLE = [...ADAS, { first: 'Grace', last: 'Hopper', dob: '1986-12-09' }];

const RETRY_ON_FAIL = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 };

async function slowCobalt(): Promise<Cobalt> {
	const cobalt = await cobaltForTest();
	trustEverything(cobalt);
	cobalt.world.settings.patientListDelaySeconds = 600;
	return cobalt;
}

/** The patients of one name in the EHR, or on their way there. */
const alive = ({ world }: Cobalt, last: string) =>
	world.patients({ last_name: last }).filter(({ status }) => status !== 'failed');

const statusesOf = (ended: Ended) => [
	...ended.json().map(({ job_status: status }) => status),
	...ended.json('On Error').map(({ details }) => (details as IDataObject).job_status),
];

interface RetryOptions {
	people?: IDataObject[];
	parameters?: INodeParameters;
	/** Minutes after the original. */
	minutes?: number;
	/** Whether n8n saved nothing but the beginning. */
	isCutOff?: boolean;
	/** In seconds: its n8n dies then. */
	diesAfter?: number;
}

/** *Retry execution*, in a new process. */
async function retryAnew(
	cobalt: Cobalt,
	original: Ended,
	{
		people = PEOPLE,
		parameters = FIND_OR_CREATE,
		minutes = 1,
		isCutOff,
		diesAfter,
	}: RetryOptions = {},
): Promise<Ended | undefined> {
	const nodeTypes = nodeTypesOf(await loadNodeTypesAnew());
	const options = { credential: credentialOf(cobalt), nodeTypes, executionId: `retry ${minutes}` };
	const file = cobaltWorkflow(parameters, { items: people, settings: CONTINUE });
	const changed = structuredClone(original.run);
	for (const { data } of changed.data.executionData?.nodeExecutionStack ?? []) {
		data.main = [people.map((json) => ({ json }))];
	}
	const edited = new Ended(changed, original.workflow, original.traces);
	return await inVirtualTime(
		async () => {
			const { result } = isCutOff
				? retryCutOff(original, options, file)
				: retryExecution(edited, options, file);
			const dead =
				diesAfter === undefined ? new Promise<never>(() => undefined) : passed(diesAfter);
			return (await Promise.race([result, dead])) ?? undefined;
		},
		() => cobalt.faults.heldBack,
		new Date(Date.parse('2025-03-10T15:00:00Z') + minutes * 60_000).toISOString(),
	);
}

describe('Retry On Fail', () => {
	it.each([0, 1])('creates one patient for three items if POST %d is refused', async (failing) => {
		const cobalt = await slowCobalt();
		cobalt.faults.add({ ...refuse, method: 'POST', path: '/patients', after: failing });
		const ended = await findOrCreate(cobalt, PEOPLE, { settings: RETRY_ON_FAIL });
		expect(ended.error).toBeUndefined();
		expect(ended.json()).toHaveLength(4);
		expect(alive(cobalt, 'Byron')).toHaveLength(1);
		expect(alive(cobalt, 'Hopper')).toHaveLength(1);
	});

	it('creates a patient again after their job has failed', async () => {
		const cobalt = await slowCobalt();
		cobalt.ehrWorker.plan({ outcome: 'failure', match: ({ last_name: last }) => last === 'Byron' });
		const ended = await findOrCreate(cobalt, PEOPLE, { settings: RETRY_ON_FAIL });
		expect(ended.json()).toHaveLength(4);
		expect(alive(cobalt, 'Byron')).toHaveLength(1);
	});

	it('never sends a patient again whom Cobalt may have accepted', async () => {
		const cobalt = await slowCobalt();
		cobalt.faults.add({ kind: 'dropAfterAccept', method: 'POST', path: '/patients' });
		const ended = await findOrCreate(cobalt, ADAS, { settings: RETRY_ON_FAIL });
		expect(ended.error?.message).toContain('may or may not have reached Cobalt');
		expect(submitted(cobalt)).toBe(1);
	});
});

describe('a retry in another process', () => {
	/** An execution in which Grace was refused, so that it ended while Ada was on her way. */
	async function stopped(cobalt: Cobalt, seconds = 30): Promise<Ended> {
		cobalt.ehrWorker.plan({ seconds });
		cobalt.faults.add({ ...refuse, method: 'POST', path: '/patients', after: 1 });
		const ended = await findOrCreate(cobalt, PEOPLE);
		expect(ended.error).toBeDefined();
		expect(submitted(cobalt)).toBe(2);
		return ended;
	}

	it('continues with the submitted patient for all items about them', async () => {
		const cobalt = await slowCobalt();
		const ended = await retryAnew(cobalt, await stopped(cobalt));
		expect(created(ended as Ended)).toEqual([true, false, false, true]);
		expect(submitted(cobalt)).toBe(3);
	});

	it('continues with the submitted patient when the items have another order', async () => {
		const cobalt = await slowCobalt();
		const original = await stopped(cobalt);
		const ended = await retryAnew(cobalt, original, { people: [...PEOPLE].reverse() });
		expect(
			new Set(
				ended
					?.json()
					.slice(1)
					.map((item) => item.patient_id),
			).size,
		).toBe(1);
		expect(alive(cobalt, 'Byron')).toHaveLength(1);
	});

	it('creates a patient again, once, after their job has failed meanwhile', async () => {
		const cobalt = await slowCobalt();
		cobalt.ehrWorker.plan({ outcome: 'failure', seconds: 20 });
		const original = await stopped(cobalt);
		const ended = await retryAnew(cobalt, original);
		expect(ended?.json()).toHaveLength(4);
		expect(alive(cobalt, 'Byron')).toHaveLength(1);
	});

	it('finds a patient whom the staff registered after the job had failed', async () => {
		const cobalt = await slowCobalt();
		cobalt.ehrWorker.plan({ outcome: 'failure', seconds: 20 });
		const original = await stopped(cobalt);
		const { mrn } = cobalt.world.inEhr.register({
			first_name: 'Ada',
			last_name: 'Byron',
			dob: ADA.dob,
		});
		const ended = await retryAnew(cobalt, original);
		expect(ended?.json().slice(0, 3)).toEqual(
			Array(3).fill(expect.objectContaining({ created: false, mrn })),
		);
		expect(alive(cobalt, 'Byron')).toHaveLength(1);
	});

	it('finds the patient of a lost response as soon as Cobalt lists them', async () => {
		const cobalt = await slowCobalt();
		cobalt.faults.add({ kind: 'dropAfterAccept', method: 'POST', path: '/patients' });
		const original = await findOrCreate(cobalt, ADAS);
		const early = await retryAnew(cobalt, original, { people: ADAS });
		expect(statusesOf(early as Ended)).toEqual(Array(3).fill('unknown'));
		const late = await retryAnew(cobalt, original, { people: ADAS, minutes: 15 });
		const [ada] = alive(cobalt, 'Byron');
		expect(late?.json()).toEqual(
			Array(3).fill(expect.objectContaining({ created: false, mrn: ada?.mrn })),
		);
		expect(submitted(cobalt)).toBe(1);
	});

	it.each([0.1, 1.6, 2, 5])('creates no second patient if n8n died at %d s', async (diesAfter) => {
		const cobalt = await slowCobalt();
		cobalt.faults.add({ ...refuse, method: 'POST', path: '/patients', times: 2 });
		const original = await findOrCreate(cobalt, PEOPLE);
		await retryAnew(cobalt, original, { diesAfter });
		const second = await retryAnew(cobalt, original, { minutes: 3 });
		expect(second?.json().length).toBeLessThanOrEqual(4);
		expect(alive(cobalt, 'Byron').length).toBeLessThanOrEqual(1);
		await retryAnew(cobalt, original, { minutes: 20 });
		expect(alive(cobalt, 'Byron').length).toBeLessThanOrEqual(1);
	});

	it('creates no second patient when n8n has saved only the start of the execution', async () => {
		const cobalt = await slowCobalt();
		const original = await findOrCreate(cobalt, PEOPLE);
		const early = await retryAnew(cobalt, original, { isCutOff: true });
		expect(submitted(cobalt)).toBe(2);
		expect(statusesOf(early as Ended)).not.toContain('completed');
		const late = await retryAnew(cobalt, original, { isCutOff: true, minutes: 20 });
		expect(created(late as Ended)).toEqual([false, false, false, false]);
		expect(submitted(cobalt)).toBe(2);
	});
});

it('creates one patient for a killed execution and a new one in another process', async () => {
	const cobalt = await slowCobalt();
	cobalt.world.settings.patientListDelaySeconds = 0;
	const nodeTypes = nodeTypesOf(await loadNodeTypesAnew());
	const file = cobaltWorkflow(FIND_OR_CREATE, { items: PEOPLE });
	await inVirtualTime(
		async () => {
			startWorkflow(file, { credential: credentialOf(cobalt), nodeTypes });
			await passed(1);
		},
		() => cobalt.faults.heldBack,
	);
	const ended = await findOrCreate(cobalt, PEOPLE, { now: '2025-03-10T15:05:00Z' });
	expect(created(ended)).toEqual([false, false, false, false]);
	expect(submitted(cobalt)).toBe(2);
});

it('creates no second patient when a cancelled execution is retried', async () => {
	const cobalt = await slowCobalt();
	cobalt.ehrWorker.plan({ seconds: 60, times: 2 });
	const original = await findOrCreate(cobalt, PEOPLE, {
		meanwhile: ({ cancel }) => {
			after(10, cancel);
		},
	});
	const ended = await retryAnew(cobalt, original);
	expect(ended?.json()).toHaveLength(4);
	expect(submitted(cobalt)).toBe(2);
});
