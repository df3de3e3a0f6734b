/**
 * One credential with several clinics: every item goes to the clinic that its field names, and an item whose
 * clinic is not known goes nowhere.
 */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt, LoggedRequest } from '../../../tools/fake-cobalt/index.mts';
import {
	booked,
	bookingsAt,
	clinicAt,
	FROM_ITEM,
	MULTIPLE,
	multipleCredentialOf,
	referenceOf,
	runMultiple,
} from '../clinics.mts';
import { bookings, cobaltForTest, CREATE, refuse, retry, run } from '../setup.mts';

const token = ({ headers }: LoggedRequest) => headers.access_token;

const statuses = (json: IDataObject[]) => json.map(({ job_status }) => job_status);

const wantedAt = (order: number[], clinics: number): number[][] =>
	Array.from({ length: clinics }, (_, clinic) =>
		order.flatMap((at, index) => (at === clinic ? [index] : [])),
	);

const CONTINUE = { onError: 'continueErrorOutput' } as const;

/** Book with the field untouched. */
const BOOK = { ...CREATE, ...FROM_ITEM };

const inTurn = (count: number, clinics: number) =>
	Array.from({ length: count }, (_, index) => index % clinics);

/** A fixed order that has no pattern. */
const mixed = (count: number, clinics: number) =>
	Array.from({ length: count }, (_, index) => (index * 7919 + ((index * index) % 13)) % clinics);

describe('items of several clinics', () => {
	it.each<[string, number[], number]>([
		['one clinic', [0, 0, 0], 1],
		['three in turn', inTurn(9, 3), 3],
		['three in blocks, the last one first', [2, 2, 2, 0, 0, 0, 1, 1, 1], 3],
		['three mixed', mixed(20, 3), 3],
		['fifty in turn', inTurn(50, 50), 50],
		['fifty mixed', mixed(100, 50), 50],
	])('books each item at its own clinic: %s', async (_, order, clinics) => {
		const cobalt = await cobaltForTest({ clinics });
		const ended = await runMultiple(cobalt, { parameters: BOOK, items: bookingsAt(order) });
		expect(ended.error).toBeUndefined();
		expect(booked(cobalt)).toEqual(wantedAt(order, clinics));
		expect(statuses(ended.json())).toEqual(order.map(() => 'completed'));
		expect(ended.json().map((json) => json.access_token_reference_id)).toEqual(
			order.map(referenceOf),
		);
	});

	it('books each item at its own clinic when the field Clinic is not saved', async () => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		await runMultiple(cobalt, { parameters: CREATE, items: bookingsAt([2, 0, 1]) });
		expect(booked(cobalt)).toEqual(wantedAt([2, 0, 1], 3));
	});

	it('books all items at the clinic that was picked', async () => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		const clinic = { __rl: true, mode: 'list', value: referenceOf(1) };
		await runMultiple(cobalt, {
			parameters: { ...CREATE, clinic },
			items: bookingsAt([0, 1, 2]),
		});
		expect(booked(cobalt)).toEqual([[], [0, 1, 2], []]);
	});

	it('fails only the items of a clinic whose login has expired', async () => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		clinicAt(cobalt, 1).world.settings.loginExpired = true;
		const ended = await runMultiple(cobalt, {
			parameters: BOOK,
			items: bookingsAt(inTurn(6, 3)),
			settings: CONTINUE,
		});
		expect(statuses(ended.json())).toEqual(Array(4).fill('completed'));
		expect(ended.json('Cobalt', 1)).toMatchObject(
			[1, 4].map((index) => ({
				error: `Appointment: Create was not submitted: The EHR login for this access token has expired [item ${index}]`,
				details: {
					description: expect.stringContaining('Clinic: clinic_2') as string,
					access_token_reference_id: 'clinic_2',
					job_status: 'not_submitted',
				},
			})),
		);
		expect(booked(cobalt)).toEqual([[0, 3], [], [2, 5]]);
	});

	it('books in a retry only what is missing, at its own clinic', async () => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		const { accessToken } = clinicAt(cobalt, 1).keys;
		cobalt.faults.add({ ...refuse, path: '/appointments', accessToken, after: 1 });
		const order = inTurn(6, 3);
		const ended = await runMultiple(cobalt, { parameters: BOOK, items: bookingsAt(order) });
		expect(ended.error?.message).toContain('Closed.');
		const retried = await retry(cobalt, ended, { credential: multipleCredentialOf(cobalt) });
		expect(retried.error).toBeUndefined();
		expect(booked(cobalt)).toEqual(wantedAt(order, 3));
	});

	it('applies the required fields of a clinic to its own items only', async () => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		clinicAt(cobalt, 1).world.settings.required_patient_fields.push('email');
		const parameters = {
			...FROM_ITEM,
			resource: 'patient',
			operation: 'create',
			firstName: 'Ada',
			lastName: '={{ $json.datetime }}',
			dob: '1990-12-10',
			additionalFields: { sex: 'female' },
		};
		const items = bookingsAt(inTurn(6, 3));
		const ended = await runMultiple(cobalt, { parameters, items, settings: CONTINUE });
		expect(ended.json('Cobalt', 1).map(({ error }) => error)).toEqual([
			"'Email' is required by your Cobalt account [item 1]",
			"'Email' is required by your Cobalt account [item 4]",
		]);
		expect(cobalt.world.requests({ path: '/settings' }).map(token)).toEqual(
			cobalt.clinics.map(({ keys }) => keys.accessToken),
		);
	});

	it('holds back only the clinic that asks to slow down', async () => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		const { accessToken } = clinicAt(cobalt, 0).keys;
		const headers = { 'retry-after': '40' };
		cobalt.faults.add({ kind: 'status', status: 429, headers, path: '/appointments', accessToken });
		const items = bookingsAt(inTurn(30, 3));
		const ended = await runMultiple(cobalt, { parameters: BOOK, items });
		expect(statuses(ended.json())).toEqual(Array(30).fill('completed'));
		const sent = cobalt.world.requests({ method: 'POST', path: '/appointments' });
		const [first = 0] = sent.map(({ at }) => at);
		const late = sent.filter(({ at }) => at - first > 30_000);
		expect(new Set(late.map(token))).toEqual(new Set([accessToken]));
	});
});

describe('a chain of nodes', () => {
	it('updates a record at the clinic where it was read', async () => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		const list = { ...FROM_ITEM, resource: 'location', operation: 'getAll', limit: 1 };
		const read = await runMultiple(cobalt, { parameters: list, items: bookingsAt([2, 0]) });
		expect(read.json().map((json) => json.access_token_reference_id)).toEqual([
			'clinic_3',
			'clinic_1',
		]);
		const update = {
			...FROM_ITEM,
			resource: 'location',
			operation: 'update',
			locationId: '={{ $json.location_id }}',
			status: 'inactive',
		};
		const done = await runMultiple(cobalt, { parameters: update, items: read.json().slice(0, 1) });
		expect(done.error).toBeUndefined();
		const changed = cobalt.world.requests().filter(({ method }) => method !== 'GET');
		expect(changed.map(token)).toEqual([clinicAt(cobalt, 2).keys.accessToken]);
	});

	const other = { access_token_reference_id: 'clinic_2' };
	const aPatient = { mrn: '44235', first_name: 'Maria', ...other };
	const byMrn = { __rl: true, mode: 'mrn', value: '44235' };

	it.each([
		[
			'/settings',
			{ data: { timezone: 'UTC', ...other } },
			{ resource: 'account', operation: 'getSettings' },
		],
		[
			'/patients',
			{ patients: [aPatient], pagination: { total_pages: 1, total_count: 1 } },
			{ resource: 'patient', operation: 'get', patient: byMrn, output: 'raw' },
		],
	])(
		'stays at the clinic of the item, whatever name its record has: %s',
		async (path, body, get) => {
			const cobalt = await cobaltForTest({ clinics: 3 });
			cobalt.faults.add({ kind: 'status', status: 200, path, body: { success: true, ...body } });
			const parameters = { ...FROM_ITEM, ...get };
			const ended = await runMultiple(cobalt, { parameters, items: bookingsAt([0]) });
			expect(ended.json()).toMatchObject([
				{ access_token_reference_id: 'clinic_1', cobalt_access_token_reference_id: 'clinic_2' },
			]);
		},
	);

	it('stays at the clinic of the item, whatever name its event has', async () => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		const type = 'patient.updated';
		cobalt.world.addEvent({
			type,
			jobId: '7',
			data: { mrn: '1', ...other },
			reference: 'clinic_2',
		});
		const look = { ...FROM_ITEM, resource: 'job', operation: 'getResult', jobId: '7' };
		const looked = await runMultiple(cobalt, { parameters: look, items: bookingsAt([0]) });
		expect(looked.json()).toMatchObject([{ access_token_reference_id: 'clinic_1', mrn: '1' }]);
		const list = { ...FROM_ITEM, resource: 'webhookEvent', operation: 'getAll' };
		const listed = await runMultiple(cobalt, { parameters: list, items: bookingsAt([0]) });
		expect(listed.json()).toMatchObject([{ event_type: type, ...other }]);
	});

	it('outputs no clinic when the credential has only one', async () => {
		const cobalt = await cobaltForTest();
		const [json] = (await run(cobalt)).json();
		expect(json).not.toHaveProperty('access_token_reference_id');
	});
});

describe('a clinic that is not in the credential', () => {
	it.each<[string, unknown, string]>([
		['another name', 'clinic_9', "'Clinic' is not one of the clinics in the Cobalt credential"],
		['another case', 'Clinic_2', "'Clinic' is not one of the clinics in the Cobalt credential"],
		['a part of a name', 'clinic', "'Clinic' is not one of the clinics in the Cobalt credential"],
		['a name of all objects', '__proto__', "'Clinic' is not one of"],
		['the access token', '493FAKE89789hLKH1', "'Clinic' is not one of"],
		['no value', undefined, "'Clinic' has an expression that returns undefined"],
		['null', null, "'Clinic' is empty"],
		['nothing', '', "'Clinic' is empty"],
		['blanks', ' \u200b', "'Clinic' is empty"],
		['a lost value', 'undefined', '\'Clinic\' has "undefined" where a value is missing'],
		['a list', ['clinic_2'], "'Clinic' is not text"],
		['an object', { a: 'clinic_2' }, "'Clinic' is not text"],
	])('refuses the item before any request when its clinic is %s', async (_, clinic, message) => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		const items = bookingsAt([0, 1, 2]);
		const some = items.map((item, index) =>
			index === 1 ? { ...item, access_token_reference_id: clinic } : item,
		) as IDataObject[];
		const ended = await runMultiple(cobalt, { parameters: BOOK, items: some, settings: CONTINUE });
		expect(ended.json('Cobalt', 1)).toMatchObject([
			{
				error: expect.stringContaining(message) as string,
				details: { job_status: 'not_submitted' },
			},
		]);
		expect(ended.json('Cobalt', 1)[0]?.error).toContain('[item 1]');
		expect(booked(cobalt)).toEqual([[0], [], [2]]);
		const { accessToken } = clinicAt(cobalt, 1).keys;
		expect(cobalt.world.requests().map(token)).not.toContain(accessToken);

		const stopped = await runMultiple(cobalt, { parameters: BOOK, items: some.slice(1, 2) });
		expect(stopped.error?.message).toContain(message);
		expect(booked(cobalt)).toEqual([[0], [], [2]]);
	});

	it('finds a clinic whose name has blanks and invisible characters around it', async () => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		const [item] = bookingsAt([1]);
		const items = [{ ...item, access_token_reference_id: ' clinic_2\u200b ' }];
		await runMultiple(cobalt, { parameters: BOOK, items });
		expect(booked(cobalt)).toEqual([[], [0], []]);
	});
});

describe('switches that prevent writes', () => {
	it('writes to no clinic when the credential is read-only', async () => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		const ended = await runMultiple(cobalt, {
			parameters: BOOK,
			items: bookingsAt(inTurn(6, 3)),
			settings: CONTINUE,
			credential: { readOnly: true },
		});
		expect(ended.json('Cobalt', 1)).toHaveLength(6);
		expect(ended.json('Cobalt', 1)[0]?.error).toContain("'Read-Only' in the Cobalt credential");
		expect(cobalt.world.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
	});

	it('writes to no clinic in Validate Only', async () => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		const ended = await runMultiple(cobalt, {
			parameters: { ...BOOK, options: { validateOnly: true } },
			items: bookingsAt([2, 0, 1]),
		});
		expect(ended.json()).toMatchObject(
			['clinic_3', 'clinic_1', 'clinic_2'].map((clinic) => ({
				job_status: 'not_submitted',
				access_token_reference_id: clinic,
			})),
		);
		expect(JSON.stringify(ended.run)).not.toContain(cobalt.keys.accessToken);
		expect(cobalt.world.requests()).toEqual([]);
	});
});

it('saves no token and no key in the execution', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	clinicAt(cobalt, 1).world.settings.loginExpired = true;
	const items = bookingsAt(inTurn(6, 3));
	const ended = await runMultiple(cobalt, { parameters: BOOK, items, settings: CONTINUE });
	const saved = JSON.stringify([ended.run, ended.traces.log]);
	for (const secret of secretsOf(cobalt)) expect(saved).not.toContain(secret);
});

it('masks the token of another clinic that Cobalt repeats', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	const secrets = secretsOf(cobalt);
	const message = secrets.join(', ');
	const refused = { ...refuse, body: { success: false, message } };
	cobalt.faults.add({ ...refused, path: '/appointments' });
	cobalt.ehrWorker.plan({ outcome: 'failure', failureReason: message });
	const items = bookingsAt([1, 0]);
	const ended = await runMultiple(cobalt, { parameters: BOOK, items, settings: CONTINUE });
	expect(ended.json('Cobalt', 1)).toHaveLength(2);
	const saved = JSON.stringify([ended.run, ended.traces.log]);
	for (const secret of secrets) expect(saved).not.toContain(secret);
});

const secretsOf = ({ clinics, keys }: Cobalt): string[] => [
	keys.clientSecret,
	...clinics.map(({ keys: { accessToken } }) => accessToken),
];

it('uses the credential for one clinic when a workflow does not choose', async () => {
	const cobalt = await cobaltForTest({ clinics: 2 });
	const ended = await run(cobalt, { parameters: { ...CREATE, ...FROM_ITEM }, items: bookings(1) });
	expect(statuses(ended.json())).toEqual(['completed']);
	expect(booked(cobalt)).toEqual([[0], []]);
	expect(MULTIPLE.authentication).toBe('multipleClinics');
});
