/** Patient: Find or Create, one item at a time: who is found, and what comes out. */
import { describe, expect, it } from 'vitest';

import { cobaltForTest } from '../../setup.mts';
import {
	ADA,
	byAllFields,
	CONTINUE,
	FIND_OR_CREATE,
	findOrCreate,
	inEhr,
	searches,
	submitted,
} from './setup.mts';

const PHONE = '518-555-0142';

const SIOBHAN = { first_name: 'Siobhán', last_name: 'O’Brien-Núñez', dob: '1990-02-28' };

const asItem = ({ first_name, last_name, dob }: typeof SIOBHAN) => ({
	first: first_name,
	last: last_name,
	dob,
});

describe('a patient who exists', () => {
	it.each([
		['Siobhán', 'O’Brien-Núñez'],
		['SIOBHAN', "O'BRIEN NUNEZ"],
		['siobhán'.normalize('NFD'), 'obrien-núñez'.normalize('NFD')],
		[' Siobhán ', 'OʼBrien–Núñez'],
		['Siobhan', 'OBrienNunez'],
	])('finds the patient as %s %s, and creates none', async (first, last) => {
		const cobalt = await cobaltForTest();
		const { mrn } = cobalt.world.inEhr.register(SIOBHAN);
		const ended = await findOrCreate(cobalt, [{ first, last, dob: SIOBHAN.dob }]);
		expect(ended.json()).toEqual([
			{
				first_name: expect.any(String) as string,
				last_name: expect.any(String) as string,
				dob: SIOBHAN.dob,
				patient_id: null,
				created: false,
				job_id: null,
				job_status: 'completed',
				event_id: null,
				event_type: null,
				event_created_at: null,
				mrn,
			},
		]);
		expect(cobalt.world.requests().map(({ method, path }) => `${method} ${path}`)).toEqual([
			'GET /patients',
		]);
	});

	it.each([
		['a part of a name', { last_name: 'O’Brien' }],
		['a second first name', { first_name: 'Siobhán Mary' }],
		['another birth date', { dob: '1990-02-27' }],
		['the names the other way round', { first_name: 'O’Brien-Núñez', last_name: 'Siobhán' }],
	])('creates a patient when the existing one has %s', async (_what, change) => {
		const cobalt = await cobaltForTest();
		cobalt.world.inEhr.register({ ...SIOBHAN, ...change });
		const ended = await findOrCreate(cobalt, [asItem(SIOBHAN)]);
		expect(ended.json()).toEqual([expect.objectContaining({ created: true })]);
		expect(submitted(cobalt)).toBe(1);
	});

	it('returns the patient as Cobalt sent it when Output is Raw', async () => {
		const cobalt = await cobaltForTest();
		const { mrn } = cobalt.world.inEhr.register({ ...SIOBHAN, phone: PHONE, sex: 'female' });
		const parameters = { ...FIND_OR_CREATE, output: 'raw' };
		const [found] = (await findOrCreate(cobalt, [asItem(SIOBHAN)], { parameters })).json();
		const record = { ...SIOBHAN, sex: 'female', phone: PHONE, mrn };
		expect(found).toEqual({
			patient_id: null,
			created: false,
			job_id: null,
			job_status: 'completed',
			submission: null,
			event: null,
			record,
		});
		const [made] = (await findOrCreate(cobalt, [ADA], { parameters })).json();
		expect(Object.keys(made ?? {})).toEqual(Object.keys(found ?? {}));
		expect(made).toMatchObject({ created: true, record: null, event: { type: 'patient.created' } });
	});

	it('searches only the clinic of the item', async () => {
		const cobalt = await cobaltForTest({ clinics: 2 });
		cobalt.clinics[1]?.world.inEhr.register(SIOBHAN);
		const tokens = cobalt.clinics.map(({ keys }) => keys.accessToken);
		const items = tokens.map((token) => ({ ...asItem(SIOBHAN), token }));
		const credential = { accessToken: '={{ $json.token }}' };
		const ended = await findOrCreate(cobalt, items, { credential });
		expect(ended.json().map((item) => item.created)).toEqual([true, false]);
		expect(cobalt.clinics.map((clinic) => inEhr(clinic, 'Siobhán'))).toEqual([
			[expect.anything()],
			[expect.anything()],
		]);
	});
});

describe('a patient who does not exist', () => {
	it('creates and waits for a patient, with the columns of a found one', async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.inEhr.register(SIOBHAN);
		const ended = await findOrCreate(cobalt, [ADA, asItem(SIOBHAN)]);
		const [made, found] = ended.json();
		const [ada] = inEhr(cobalt, 'Ada');
		expect(made).toMatchObject({
			patient_id: ada?.id,
			created: true,
			job_status: 'completed',
			event_type: 'patient.created',
			mrn: ada?.mrn,
		});
		expect(Object.keys(made ?? {})).toEqual(Object.keys(found ?? {}));
		expect(submitted(cobalt)).toBe(1);
	});

	it('returns the same columns for a pending and for a submitted patient', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 500, times: 2 });
		const parameters = { ...FIND_OR_CREATE, waitForResult: false };
		const [submittedItem] = (await findOrCreate(cobalt, [ADA], { parameters })).json();
		const [pending] = (await findOrCreate(cobalt, [{ ...ADA, first: 'Ana' }])).json();
		const columns = ['job_status', 'created', 'mrn', 'first_name', 'last_name'];
		expect(Object.keys(submittedItem ?? {}).slice(0, 5)).toEqual(columns);
		expect(submittedItem).toMatchObject({ created: true, job_status: 'submitted', mrn: null });
		expect(pending).toMatchObject({ created: true, job_status: 'pending', mrn: null });
		expect(Object.keys(pending ?? {})).toEqual(Object.keys(submittedItem ?? {}));
	});

	it("requires the account's required fields of a new patient, not of a found one", async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.settings.required_patient_fields.push('email');
		cobalt.world.inEhr.register(SIOBHAN);
		const found = await findOrCreate(cobalt, [asItem(SIOBHAN)]);
		expect(found.json()).toEqual([expect.objectContaining({ created: false })]);
		const { error } = await findOrCreate(cobalt, [ADA]);
		expect(error?.message).toBe("'Email' is required by your Cobalt account [item 0]");
		expect(submitted(cobalt)).toBe(0);
	});
});

describe('several patients who match', () => {
	it('fails the item with the number of matches, and has the MRNs only in the details', async () => {
		const cobalt = await cobaltForTest();
		const twins = [PHONE, '518-555-0143'].map((phone) =>
			cobalt.world.inEhr.register({ ...SIOBHAN, phone }),
		);
		const ended = await findOrCreate(cobalt, [asItem(SIOBHAN)], { settings: CONTINUE });
		const [failed] = ended.json('On Error');
		expect(failed?.error).toBe('Patient: Find or Create found 2 patients who match [item 0]');
		const details = failed?.details as Record<string, unknown>;
		expect(details).toMatchObject({
			job_status: 'not_submitted',
			matching_patients: 2,
			matching_mrns: twins.map(({ mrn }) => mrn),
			differing_fields: ['mrn', 'phone'],
		});
		expect(details.description).toContain('They differ in: MRN, Phone.');
		expect(JSON.stringify([failed?.error, details.description])).not.toMatch(
			new RegExp(twins.map(({ mrn }) => mrn).join('|')),
		);
		expect(submitted(cobalt)).toBe(0);
	});

	it('tells two matches apart by the other fields when the user wants that', async () => {
		const cobalt = await cobaltForTest();
		const [one] = [PHONE, '518-555-0143'].map((phone) =>
			cobalt.world.inEhr.register({ ...SIOBHAN, phone }),
		);
		const items = [{ ...asItem(SIOBHAN), phone: '(518) 555-0142' }];
		const ended = await findOrCreate(cobalt, items, { parameters: byAllFields });
		expect(ended.json()).toEqual([expect.objectContaining({ created: false, mrn: one?.mrn })]);
		expect(submitted(cobalt)).toBe(0);
	});

	it('fails when Cobalt does not show the birth date of a namesake', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({
			kind: 'status',
			status: 200,
			path: '/patients',
			body: {
				success: true,
				patients: [{ ...SIOBHAN, dob: null, mrn: '7' }],
				pagination: { total_pages: 1, total_count: 1 },
			},
		});
		const { error } = await findOrCreate(cobalt, [asItem(SIOBHAN)]);
		expect(error?.message).toBe(
			'Patient: Find or Create found a patient of this name whose date of birth Cobalt does not show [item 0]',
		);
		expect(submitted(cobalt)).toBe(0);
	});
});

it('creates a patient with another phone number than a namesake when all fields count', async () => {
	const cobalt = await cobaltForTest();
	cobalt.world.settings.refusesDuplicates = false;
	cobalt.world.inEhr.register({ ...SIOBHAN, phone: '518-555-0199' });
	const items = [{ ...asItem(SIOBHAN), phone: PHONE }];
	expect((await findOrCreate(cobalt, items, { parameters: byAllFields })).json()).toEqual([
		expect.objectContaining({ created: true }),
	]);
});

it('reads all pages of patients who share a birthday, until two readings agree', async () => {
	const cobalt = await cobaltForTest();
	for (let index = 0; index < 120; index += 1) {
		cobalt.world.inEhr.register({ ...SIOBHAN, first_name: `Siobhan ${index}` });
	}
	const { mrn } = cobalt.world.inEhr.register(SIOBHAN);
	const ended = await findOrCreate(cobalt, [asItem(SIOBHAN)]);
	expect(ended.json()).toEqual([expect.objectContaining({ created: false, mrn })]);
	expect(searches(cobalt)).toBe(6);
});
