/** Patient: Find or Create when Cobalt's list changes while it is read, or contradicts itself. */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../../tools/fake-cobalt/index.mts';
import { cobaltForTest } from '../../setup.mts';
import {
	ADA,
	CONTINUE,
	created,
	findOrCreate,
	inEhr,
	searches,
	submitted,
	trustEverything,
} from './setup.mts';

const LIST = { method: 'GET', path: '/patients' } as const;

const OTHER_DAY = { dob: '1970-01-01' };

/** A clinic with people of one birth date, of whom one is Ada. Her place is counted from 0. */
async function clinicWith(count: number, place: number): Promise<Cobalt> {
	const cobalt = await cobaltForTest();
	trustEverything(cobalt);
	for (let index = 0; index < count; index += 1) register(cobalt, index, index === place);
	return cobalt;
}

function register({ world }: Cobalt, index: number, isAda = false): void {
	const [first_name, last_name] = isAda ? [ADA.first, ADA.last] : [`Ann ${index}`, 'Lee'];
	world.inEhr.register({ first_name, last_name, dob: ADA.dob, mrn: `9${index}` });
}

describe('a patient who moves to a page that has been read', () => {
	it.each<[string, number, number, number, (cobalt: Cobalt) => void]>([
		[
			'one before is gone',
			60,
			50,
			0,
			({ world }) => {
				world.inEhr.updatePatient('93', OTHER_DAY);
			},
		],
		[
			'three before are gone',
			60,
			52,
			0,
			({ world }) => {
				for (const mrn of ['93', '94', '95']) world.inEhr.updatePatient(mrn, OTHER_DAY);
			},
		],
		[
			'one is gone of three pages',
			130,
			100,
			1,
			({ world }) => {
				world.inEhr.updatePatient('90', OTHER_DAY);
			},
		],
		[
			'one is gone and one has come',
			60,
			50,
			0,
			(cobalt) => {
				cobalt.world.inEhr.updatePatient('93', OTHER_DAY);
				register(cobalt, 999);
			},
		],
	])('is found: %s', async (_, count, place, after, change) => {
		const cobalt = await clinicWith(count, place);
		cobalt.faults.add({
			...LIST,
			kind: 'then',
			after,
			happens: () => {
				change(cobalt);
			},
		});
		expect(created(await findOrCreate(cobalt, [ADA]))).toEqual([false]);
		expect(inEhr(cobalt, ADA.first)).toHaveLength(1);
		expect(submitted(cobalt)).toBe(0);
	});

	it('is not created while the list keeps changing', async () => {
		const cobalt = await clinicWith(60, 50);
		let index = 1_000;
		const happens = () => {
			register(cobalt, (index += 1));
		};
		cobalt.faults.add({ ...LIST, kind: 'then', happens, times: 50 });
		const ended = await findOrCreate(cobalt, [{ ...ADA, first: 'Zoe' }], { settings: CONTINUE });
		expect(ended.json('On Error')).toMatchObject([
			{
				error: expect.stringContaining("Cobalt's list is not complete") as string,
				details: {
					job_status: 'not_submitted',
					description: expect.stringContaining('Try again.') as string,
				},
			},
		]);
		expect(submitted(cobalt)).toBe(0);
		expect(searches(cobalt)).toBeLessThanOrEqual(8);
	});

	it('does not keep somebody else from being created', async () => {
		const cobalt = await clinicWith(60, 50);
		cobalt.faults.add({
			...LIST,
			kind: 'then',
			happens: () => {
				cobalt.world.inEhr.updatePatient('93', OTHER_DAY);
			},
		});
		expect(created(await findOrCreate(cobalt, [{ ...ADA, first: 'Zoe' }]))).toEqual([true]);
		expect(searches(cobalt)).toBe(6);
	});
});

describe('a list that contradicts itself', () => {
	const others = Array.from({ length: 50 }, (_, index) => ({ first_name: `Ann ${index}` }));
	const page = (total_pages: number, total_count: number): IDataObject => ({
		current_page: 1,
		total_pages,
		total_count,
		page_size: 50,
	});

	it.each<[string, IDataObject]>([
		['none of one', { patients: [], pagination: page(1, 1) }],
		['none on the first of three pages', { patients: [], pagination: page(3, 130) }],
		['entries that are no records', { patients: ['Ada Byron'], pagination: page(1, 1) }],
		['a full page, and zeros', { patients: others, pagination: page(0, 0) }],
		['one record, no pages, and the same again', { patients: others.slice(0, 1) }],
		['seven records, no pages, and the same again', { patients: others.slice(0, 7) }],
	])('fails the item, and nothing is sent: %s', async (_, body) => {
		const cobalt = await clinicWith(1, 0);
		cobalt.faults.add({
			...LIST,
			kind: 'status',
			status: 200,
			body: { success: true, ...body },
			times: 50,
		});
		const ended = await findOrCreate(cobalt, [ADA], { settings: CONTINUE });
		expect(ended.json('On Error')).toMatchObject([
			{
				error: expect.stringContaining("Cobalt's list is not complete") as string,
				details: { job_status: 'not_submitted' },
			},
		]);
		expect(submitted(cobalt)).toBe(0);
	});
});
