/**
 * Contract C15: one person becomes one patient, also when several items, executions or calls of an agent ask
 * for them at the same moment. The EHR here notices no duplicates, so that nobody else prevents them.
 */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../../tools/fake-cobalt/index.mts';
import { after, inVirtualTime } from '../../../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, startWorkflow, type Ended } from '../../../../tools/n8n-host/workflow.mts';
import { cobaltForTest, credentialOf, refuse, runFile, twice } from '../../setup.mts';
import {
	ADA,
	byAllFields,
	CONTINUE,
	created,
	FIND_OR_CREATE,
	findOrCreate,
	inEhr,
	searches,
	submitted,
	trustEverything,
} from './setup.mts';

const GRACE = { first: 'Grace', last: 'Hopper', dob: '1986-12-09' };

/** Ada in ten spellings. */
const ADAS = ['Ada', 'ADA', 'ada', 'Àda', 'A da', 'A-da', 'a’da', 'Ada', 'ÁDA', ' Ada '].map(
	(first) => ({ ...ADA, first }),
);

async function cobaltThatTrusts(): Promise<Cobalt> {
	const cobalt = await cobaltForTest();
	trustEverything(cobalt);
	return cobalt;
}

const patientsOf = ({ world }: Cobalt, last: string) =>
	world.patients({ last_name: last, status: 'active' });

const ids = (ended: Ended) => new Set(ended.json().map(({ patient_id: id }) => id));

describe('items about the same person in one run', () => {
	it('creates one patient for ten items with one search and one submission', async () => {
		const cobalt = await cobaltThatTrusts();
		const ended = await findOrCreate(cobalt, ADAS);
		expect(created(ended)).toEqual([true, ...Array<boolean>(9).fill(false)]);
		expect(ids(ended).size).toBe(1);
		expect(new Set(ended.json().map(({ mrn }) => mrn))).toEqual(
			new Set([patientsOf(cobalt, 'Byron')[0]?.mrn]),
		);
		expect(patientsOf(cobalt, 'Byron')).toHaveLength(1);
		expect([searches(cobalt), submitted(cobalt)]).toEqual([1, 1]);
	});

	it.each([1, 2, 20])('creates each person once in any order, %d at once', async (concurrent) => {
		const cobalt = await cobaltThatTrusts();
		const people = ADAS.flatMap((ada, index) => [
			ada,
			{ ...GRACE, first: index % 2 ? 'GRACE' : 'Grace' },
			{ ...ADA, dob: `1985-12-${11 + index}` },
		]);
		const parameters = { ...FIND_OR_CREATE, options: { concurrency: concurrent } };
		const ended = await findOrCreate(cobalt, people, { parameters });
		expect(ended.json()).toHaveLength(30);
		expect(patientsOf(cobalt, 'Byron')).toHaveLength(11);
		expect(patientsOf(cobalt, 'Hopper')).toHaveLength(1);
		expect(ids(ended).size).toBe(12);
		expect(created(ended).filter(Boolean)).toHaveLength(12);
	});

	it('creates one patient when the items do not wait for the result', async () => {
		const cobalt = await cobaltThatTrusts();
		const parameters = { ...FIND_OR_CREATE, waitForResult: false };
		const ended = await findOrCreate(cobalt, ADAS, { parameters });
		expect(submitted(cobalt)).toBe(1);
		expect(ids(ended).size).toBe(1);
		expect(ended.json().map((item) => item.job_status)).toEqual(Array(10).fill('submitted'));
	});

	it('creates two patients when all fields count and the phone numbers differ', async () => {
		const cobalt = await cobaltThatTrusts();
		const phones = ['518-555-0100', '518-555-0101', '(518) 555 0100'];
		const people = phones.map((phone) => ({ ...ADA, phone }));
		const ended = await findOrCreate(cobalt, people, { parameters: byAllFields });
		expect(created(ended)).toEqual([true, true, false]);
		expect(patientsOf(cobalt, 'Byron')).toHaveLength(2);
	});

	it('creates one patient when Cobalt refuses the first item', async () => {
		const cobalt = await cobaltThatTrusts();
		cobalt.faults.add({ ...refuse, method: 'POST', path: '/patients' });
		const ended = await findOrCreate(cobalt, ADAS.slice(0, 3), { settings: CONTINUE });
		expect(ended.json('On Error')).toHaveLength(1);
		expect(created(ended)).toEqual([true, false]);
		expect(patientsOf(cobalt, 'Byron')).toHaveLength(1);
	});

	it('creates one patient when the job of the first item fails', async () => {
		const cobalt = await cobaltThatTrusts();
		cobalt.ehrWorker.plan({ outcome: 'failure' });
		const ended = await findOrCreate(cobalt, ADAS.slice(0, 4), { settings: CONTINUE });
		expect(ended.json('On Error')).toHaveLength(1);
		expect(created(ended)).toEqual([true, false, false]);
		expect(patientsOf(cobalt, 'Byron')).toHaveLength(1);
		expect(submitted(cobalt)).toBe(2);
	});

	it('sends nothing more when it is unknown whether Cobalt accepted the first item', async () => {
		const cobalt = await cobaltThatTrusts();
		cobalt.faults.add({ kind: 'dropAfterAccept', method: 'POST', path: '/patients' });
		const ended = await findOrCreate(cobalt, ADAS, { settings: CONTINUE });
		expect(submitted(cobalt)).toBe(1);
		const failures = ended
			.json('On Error')
			.map(({ details }) => (details as IDataObject).job_status);
		expect(failures).toEqual(Array(10).fill('unknown'));
	});
});

describe('a person whom Cobalt does not list yet', () => {
	it('submits a person only once when the next execution does not find them yet', async () => {
		const cobalt = await cobaltThatTrusts();
		cobalt.world.settings.patientListDelaySeconds = 120;
		const first = await findOrCreate(cobalt, [ADA]);
		const second = await findOrCreate(cobalt, ADAS.slice(0, 2), { now: '2025-03-10T15:01:00Z' });
		expect(created(second)).toEqual([false, false]);
		expect(second.json()[0]).toMatchObject({ mrn: first.json()[0]?.mrn, job_status: 'completed' });
		expect(submitted(cobalt)).toBe(1);
	});

	it('submits a person only once when the next round of a loop does not find them yet', async () => {
		const cobalt = await cobaltThatTrusts();
		cobalt.world.settings.patientListDelaySeconds = 120;
		const file = cobaltWorkflow(FIND_OR_CREATE, { items: [ADA] });
		const ended = await runFile(cobalt, twice(file));
		const runs = ended.run.data.resultData.runData.Cobalt ?? [];
		expect(runs.map(({ data }) => data?.main?.[0]?.[0]?.json.created)).toEqual([true, false]);
		expect(submitted(cobalt)).toBe(1);
	});

	it('submits a person again after the first job has failed', async () => {
		const cobalt = await cobaltThatTrusts();
		cobalt.ehrWorker.plan({ outcome: 'failure', seconds: 5 });
		const parameters = { ...FIND_OR_CREATE, waitForResult: false };
		await findOrCreate(cobalt, [ADA], { parameters, linger: 10 });
		const ended = await findOrCreate(cobalt, [ADA], { now: '2025-03-10T15:01:00Z' });
		expect(created(ended)).toEqual([true]);
		expect(patientsOf(cobalt, 'Byron')).toHaveLength(1);
	});
});

describe('two executions at the same time', () => {
	const both = async (cobalt: Cobalt, seconds: number, meanwhile?: () => void) =>
		await inVirtualTime(
			async () => {
				const options = { credential: credentialOf(cobalt) };
				const file = (people: IDataObject[]) =>
					cobaltWorkflow(FIND_OR_CREATE, { items: people, settings: CONTINUE });
				const first = startWorkflow(file([ADA, GRACE]), { ...options, executionId: 'first' });
				const second = new Promise<Ended>((resolve) => {
					after(seconds, () => {
						const people = [{ ...GRACE, first: 'GRACE' }, ...ADAS];
						const execution = startWorkflow(file(people), { ...options, executionId: 'second' });
						resolve(execution.result);
					});
				});
				meanwhile?.();
				return await Promise.all([first.result, second]);
			},
			() => cobalt.faults.heldBack,
		);

	it.each([0, 0.001, 1, 3, 30])('creates each patient once, %d seconds apart', async (seconds) => {
		const cobalt = await cobaltThatTrusts();
		const [first, second] = await both(cobalt, seconds);
		expect(created(first)).toEqual([true, true]);
		expect(created(second)).toEqual(Array(11).fill(false));
		expect(inEhr(cobalt, 'Ada', 'Grace')).toHaveLength(2);
		expect(submitted(cobalt)).toBe(2);
	});

	it('creates one patient per person when Cobalt is slow', async () => {
		const cobalt = await cobaltThatTrusts();
		cobalt.faults.add({ kind: 'slow', ms: 9_000, method: 'POST', path: '/patients', times: 2 });
		const [first, second] = await both(cobalt, 4);
		expect([first, second].flatMap(created).filter(Boolean)).toHaveLength(2);
		expect(submitted(cobalt)).toBe(2);
	});

	it('creates the patient in the second execution when Cobalt refuses the first', async () => {
		const cobalt = await cobaltThatTrusts();
		cobalt.faults.add({ kind: 'slow', ms: 3_000, method: 'GET', path: '/patients' });
		cobalt.faults.add({ ...refuse, method: 'POST', path: '/patients', times: 2 });
		const [first, second] = await both(cobalt, 1);
		expect(first.json('On Error')).not.toEqual([]);
		expect([...second.json(), ...second.json('On Error')]).toHaveLength(11);
		expect(inEhr(cobalt, 'Ada')).toHaveLength(1);
	});
});

it('creates one patient in each of two clinics', async () => {
	const cobalt = await cobaltForTest({ clinics: 2 });
	trustEverything(cobalt);
	const tokens = cobalt.clinics.map(({ keys }) => keys.accessToken);
	const people = ADAS.map((ada, index) => ({ ...ada, token: tokens[index % 2] }));
	const credential = { accessToken: '={{ $json.token }}' };
	const ended = await findOrCreate(cobalt, people, { credential });
	expect(created(ended).filter(Boolean)).toHaveLength(2);
	expect(cobalt.clinics.map(({ world }) => world.patients({ last_name: 'Byron' }))).toEqual([
		[expect.anything()],
		[expect.anything()],
	]);
});

it('stops waiting for another item when the execution is cancelled', async () => {
	const cobalt = await cobaltThatTrusts();
	cobalt.faults.add({ kind: 'slow', ms: 60_000, method: 'POST', path: '/patients' });
	const ended = await findOrCreate(cobalt, ADAS, {
		meanwhile: ({ cancel }) => {
			after(5, cancel);
		},
	});
	expect(ended.json()).toEqual([]);
	expect(submitted(cobalt)).toBe(1);
});

it.each([1, 100])('makes one search for %d items with one birth date', async (count) => {
	const cobalt = await cobaltThatTrusts();
	const people = Array.from({ length: count }, (_, index) => ({ ...ADA, first: `Ada ${index}` }));
	const parameters = { ...FIND_OR_CREATE, waitForResult: false };
	await findOrCreate(cobalt, people, { parameters });
	expect([searches(cobalt), submitted(cobalt)]).toEqual([1, count]);
});
