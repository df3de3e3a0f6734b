/**
 * One node, the items of several clinics: the credential takes its access token from the item. What is
 * sent for an item goes out with that item's token, and what one clinic says concerns no other.
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Clinic, Cobalt, LoggedRequest } from '../../../tools/fake-cobalt/index.mts';
import { bookings, cobaltForTest, CREATE, refuse, retry, run, type RunOptions } from '../setup.mts';

const credential = { accessToken: '={{ $json.token }}' };

/** Items go around the clinics, one each. */
function items(cobalt: Cobalt, count: number): IDataObject[] {
	return bookings(count).map((booking, index) => ({
		...booking,
		token: clinicAt(cobalt, index).keys.accessToken,
	}));
}

function clinicAt({ clinics }: Cobalt, index: number): Clinic {
	const clinic = clinics[index % clinics.length];
	if (!clinic) throw new Error('There are no clinics');
	return clinic;
}

async function runClinics(cobalt: Cobalt, options: RunOptions = {}) {
	return await run(cobalt, {
		items: items(cobalt, 6),
		credential,
		settings: { onError: 'continueErrorOutput' },
		...options,
	});
}

const token = ({ headers }: LoggedRequest) => headers.access_token;

/** Which bookings each clinic has, by their numbers. */
function booked(cobalt: Cobalt): number[][] {
	const moments = bookings(400).map(({ datetime }) => Date.parse(datetime as string));
	return cobalt.clinics.map(({ world }) =>
		world.appointments().map(({ datetime }) => moments.indexOf(Date.parse(datetime))),
	);
}

const statuses = (json: IDataObject[]) => json.map(({ job_status }) => job_status);

it('books each item at its own clinic, and waits for it there', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	const ended = await runClinics(cobalt);
	expect(booked(cobalt)).toEqual([
		[0, 3],
		[1, 4],
		[2, 5],
	]);
	expect(statuses(ended.json())).toEqual(Array(6).fill('completed'));
	const ids = ended.json().map(({ appointment_id }) => appointment_id);
	const made = cobalt.clinics.map(({ world }) => world.appointments().map(({ id }) => id));
	expect(ids).toEqual([0, 1].flatMap((round) => made.map((own) => own[round])));
});

it('reads the credential once for each item', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	const ended = await runClinics(cobalt, { items: items(cobalt, 30) });
	expect(ended.traces.credentials.reads).toBe(30);
});

it('reads the log of each clinic for 200 jobs together', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	for (const { ehrWorker } of cobalt.clinics) ehrWorker.plan({ seconds: 20.5, times: 200 });
	const ended = await runClinics(cobalt, { items: items(cobalt, 200) });
	expect(statuses(ended.json())).toEqual(Array(200).fill('completed'));
	expect(booked(cobalt).map((own) => own.length)).toEqual([67, 67, 66]);
	const lookups = cobalt.world.requests({ path: '/webhook-events' });
	for (const { keys } of cobalt.clinics) {
		const own = lookups.filter((look) => token(look) === keys.accessToken);
		expect(own.length).toBeGreaterThan(15);
		expect(own.length).toBeLessThan(40);
	}
});

const mrn = '44235';
const location: INodeParameters = { resource: 'location', operation: 'update' };

it.each<[string, INodeParameters]>([
	['a record', { resource: 'account', operation: 'getSettings' }],
	['a list', { resource: 'provider', operation: 'getAll', returnAll: true }],
	['a file', { resource: 'document', operation: 'download', documentId: '={{ $json.document }}' }],
	['a change', { ...location, locationId: '={{ $json.location }}', status: 'inactive' }],
	['a live fetch', { resource: 'appointment', operation: 'fetchLive', searchBy: 'mrn', mrn }],
	['a job', { resource: 'job', operation: 'getResult', jobId: '={{ $json.job }}' }],
])('reads or writes %s with the token of the item', async (_, parameters) => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	const [document] = cobalt.world.documents();
	const [{ id: locationId } = { id: '' }] = cobalt.world.locations();
	const made = await runClinics(cobalt, { items: items(cobalt, 3) });
	const jobs = made.json().map(({ job_id }) => job_id);
	const before = cobalt.world.requests().length;
	const asked = items(cobalt, 3).map((item, index) => ({
		...item,
		document: document?.id,
		location: locationId,
		job: jobs[index],
	}));
	// The order is another one than before.
	const ended = await runClinics(cobalt, { items: asked.reverse(), parameters });
	expect(ended.json('Cobalt', 1)).toEqual([]);
	const requests = cobalt.world.requests().slice(before);
	const tokens = cobalt.clinics.map(({ keys }) => keys.accessToken);
	for (const own of tokens) {
		const sent = requests.filter((request) => token(request) === own);
		expect(sent).toHaveLength(requests.length / 3);
	}
	expect([...new Set(requests.map(token))]).toEqual(tokens.reverse());
});

it.each([
	['from the beginning', (cobalt: Cobalt) => Promise.resolve(cobalt)],
	[
		'during the wait',
		async (cobalt: Cobalt) => {
			cobalt.faults.add({
				kind: 'status',
				status: 403,
				body: { success: false, error: 'login_required', message: 'Account link expired.' },
				path: '/webhook-events',
				accessToken: clinicAt(cobalt, 1).keys.accessToken,
				times: 99,
			});
			return Promise.resolve(cobalt);
		},
	],
])('fails only the items of a clinic whose login has expired, %s', async (when, begin) => {
	const cobalt = await begin(await cobaltForTest({ clinics: 3 }));
	const { world } = clinicAt(cobalt, 1);
	world.settings.loginExpired = when === 'from the beginning';
	const ended = await runClinics(cobalt);
	expect(statuses(ended.json())).toEqual(Array(4).fill('completed'));
	expect(ended.json('Cobalt', 1).map(({ error }) => error)).toEqual([
		expect.stringContaining('login for this access token has expired') as string,
		expect.stringContaining('login for this access token has expired') as string,
	]);
	expect(ended.items('Cobalt', 1).map(({ pairedItem }) => pairedItem)).toEqual([
		{ item: 1 },
		{ item: 4 },
	]);
});

it('holds back only the submissions of the clinic that asks to slow down', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	const { accessToken } = clinicAt(cobalt, 0).keys;
	const headers = { 'retry-after': '40' };
	cobalt.faults.add({ kind: 'status', status: 429, headers, path: '/appointments', accessToken });
	const ended = await runClinics(cobalt, { items: items(cobalt, 60) });
	expect(statuses(ended.json())).toEqual(Array(60).fill('completed'));
	const sent = cobalt.world.requests({ method: 'POST', path: '/appointments' });
	const [first = 0] = sent.map(({ at }) => at);
	const late = sent.filter(({ at }) => at - first > 30_000);
	expect(new Set(late.map(token))).toEqual(new Set([accessToken]));
	expect(sent.filter((request) => token(request) !== accessToken)).toHaveLength(40);
});

describe('an item without a valid token', () => {
	it.each<[unknown, string]>([
		[undefined, 'is empty'],
		['', 'is empty'],
		[null, 'is empty'],
		[' ', 'is empty'],
		['undefined', 'is the text "undefined" instead of a value'],
		['null', 'is the text "null" instead of a value'],
		[4711, 'is not text'],
		[{ token: 'a' }, 'is not text'],
		[['a'], 'is not text'],
	])('refuses the token %j before any request, and names the field', async (bad, finding) => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		const some = items(cobalt, 3).map((item, index) =>
			index === 1 ? { ...item, token: bad } : item,
		) as IDataObject[];
		const ended = await runClinics(cobalt, { items: some });
		expect(ended.json('Cobalt', 1)).toMatchObject([
			{
				error: `Appointment: Create was not submitted: 'Access Token' in the Cobalt credential ${finding} [item 1]`,
				details: {
					description: expect.stringContaining('expression') as string,
					job_status: 'not_submitted',
				},
			},
		]);
		expect(booked(cobalt)).toEqual([[0], [], [2]]);
		const own = cobalt.clinics.map(({ keys }) => keys.accessToken);
		expect(cobalt.world.requests().every((request) => own.includes(String(token(request))))).toBe(
			true,
		);

		const stopped = await runClinics(cobalt, { items: some, settings: {} });
		expect(stopped.error?.message).toContain(`'Access Token' in the Cobalt credential ${finding}`);
		expect(booked(cobalt)).toEqual([[0], [], [2]]);
	});

	it.each([
		['={{ $json.keys.token.trim() }}', 'Access Token'],
		['={{ JSON.parse($json.keys).token }}', 'Access Token'],
		['={{ $("Nobody").item.json.token }}', 'An expression in the Cobalt credential'],
	])('fails each item and sends nothing when %s fails', async (accessToken, name) => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		const some: IDataObject[] = items(cobalt, 3);
		const ended = await runClinics(cobalt, { items: some, credential: { accessToken } });
		expect(ended.json('Cobalt', 1)).toHaveLength(3);
		expect(ended.json('Cobalt', 1)[0]?.error).toContain(name);
		expect(cobalt.world.requests()).toEqual([]);
	});
});

it('reads the other fields of the credential from the item, too', async () => {
	const cobalt = await cobaltForTest();
	const other = await cobaltForTest();
	const some = bookings(4).map((booking, index) => {
		const { url, keys } = index % 2 === 0 ? cobalt : other;
		const secret = index === 3 ? 'a wrong one' : keys.clientSecret;
		return { ...booking, url, id: keys.clientId, secret };
	});
	const ended = await runClinics(cobalt, {
		items: some,
		credential: {
			baseUrl: '={{ $json.url }}',
			clientId: '={{ $json.id }}',
			clientSecret: '={{ $json.secret }}',
		},
	});
	expect(booked(cobalt)).toEqual([[0, 2]]);
	expect(booked(other)).toEqual([[1]]);
	expect(ended.json('Cobalt', 1)).toHaveLength(1);
	expect(ended.json('Cobalt', 1)[0]?.error).toContain('Invalid client_id, client_secret');
});

it('looks up the required fields of each clinic once', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	clinicAt(cobalt, 1).world.settings.required_patient_fields.push('email');
	const parameters = {
		resource: 'patient',
		operation: 'create',
		firstName: 'Ada',
		lastName: '={{ $json.datetime }}',
		dob: '1990-12-10',
		additionalFields: { sex: 'female' },
	};
	const ended = await runClinics(cobalt, { parameters });
	expect(ended.json('Cobalt', 1).map(({ error }) => error)).toEqual([
		"'Email' is required by your Cobalt account [item 1]",
		"'Email' is required by your Cobalt account [item 4]",
	]);
	expect(cobalt.world.requests({ path: '/settings' }).map(token)).toEqual(
		cobalt.clinics.map(({ keys }) => keys.accessToken),
	);
});

it('books in a retry only what is missing, at its own clinic', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	const { accessToken } = clinicAt(cobalt, 1).keys;
	cobalt.faults.add({ ...refuse, path: '/appointments', accessToken, after: 1 });
	const settings = {};
	const ended = await runClinics(cobalt, { settings });
	expect(ended.error?.message).toContain('Closed.');
	const retried = await retry(cobalt, ended, { credential });
	expect(retried.error).toBeUndefined();
	expect(statuses(retried.json())).toEqual(Array(6).fill('completed'));
	expect(booked(cobalt)).toEqual([
		[0, 3],
		[1, 4],
		[2, 5],
	]);
});

it('neither repeats nor reports as done in a retry what went to another clinic', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	cobalt.faults.add({ ...refuse, path: '/appointments', after: 5 });
	const ended = await runClinics(cobalt, { settings: {} });
	const before = booked(cobalt);
	const { accessToken } = clinicAt(cobalt, 2).keys;
	const retried = await retry(cobalt, ended, { credential: { accessToken } });
	expect(retried.error?.message).toContain('with another access token');
	expect(booked(cobalt).slice(0, 2)).toEqual(before.slice(0, 2));
	expect(new Set(booked(cobalt)[2])).not.toContain(0);
});

it('submits a booking that has failed afresh with the renewed access token', async () => {
	// The second clinic stands for the first one with another token.
	const cobalt = await cobaltForTest({ clinics: 2 });
	cobalt.ehrWorker.plan({ outcome: 'failure', failureReason: 'Closed.' });
	const ended = await run(cobalt);
	expect(ended.error?.message).toContain('Closed.');
	const renewed = { accessToken: clinicAt(cobalt, 1).keys.accessToken };
	const retried = await retry(cobalt, ended, { credential: renewed });
	expect(statuses(retried.json())).toEqual(['completed']);
	const again = await retry(cobalt, ended, { credential: renewed });
	expect(again.error?.message).toContain('may or may not have reached Cobalt');
	expect(booked(cobalt)[1]).toEqual([0]);
});

it('recognizes items of different clinics in another order', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	const [booking] = bookings(1);
	const tokens = cobalt.clinics.map(({ keys }) => keys.accessToken);
	const tokensOf = (order: number[]) => ({
		accessToken: `={{ ${JSON.stringify(order.map((index) => tokens[index]))}[$itemIndex] }}`,
	});
	cobalt.faults.add({ ...refuse, path: '/appointments', accessToken: tokens[1] });
	const ended = await runClinics(cobalt, {
		items: tokens.map(() => ({ ...booking })),
		settings: {},
		credential: tokensOf([0, 1, 2]),
	});
	const retried = await retry(cobalt, ended, { credential: tokensOf([2, 0, 1]) });
	expect(retried.error).toBeUndefined();
	expect(booked(cobalt)).toEqual([[0], [0], [0]]);
});

it('makes the same booking at each clinic', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	const [booking] = bookings(1);
	const same = cobalt.clinics.map(({ keys }) => ({ ...booking, token: keys.accessToken }));
	// The items differ by their tokens alone, and those are not in the request.
	const ended = await runClinics(cobalt, { items: same });
	expect(statuses(ended.json())).toEqual(Array(3).fill('completed'));
	expect(booked(cobalt)).toEqual([[0], [0], [0]]);
});

it('searches for a lost booking only at its own clinic', async () => {
	const cobalt = await cobaltForTest({ clinics: 2 });
	const { accessToken } = clinicAt(cobalt, 1).keys;
	const [booking] = bookings(1);
	const same = cobalt.clinics.map(({ keys }) => ({ ...booking, token: keys.accessToken }));
	cobalt.faults.add({ kind: 'dropAfterAccept', path: '/appointments', accessToken });
	const parameters = { ...CREATE, options: { ifResponseLost: 'search' } };
	const ended = await runClinics(cobalt, { items: same, parameters });
	expect(statuses(ended.json())).toEqual(['completed', 'completed']);
	expect(ended.json()[1]?.found_in_list).toBe(true);
	const lists = cobalt.world.requests({ method: 'GET', path: '/appointments' });
	expect(new Set(lists.map(token))).toEqual(new Set([accessToken]));
	// Both have the same id, and the first one is known to come from another item.
	const [first, second] = cobalt.clinics.map(({ world }) => world.appointments()[0]?.id);
	expect(second).toBe(first);
	expect(booked(cobalt)).toEqual([[0], [0]]);
});

it('sends nothing more to any clinic after it is cancelled', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	for (const { ehrWorker } of cobalt.clinics) ehrWorker.plan({ seconds: 500, times: 99 });
	let canceledAt = 0;
	const ended = await runClinics(cobalt, {
		meanwhile: ({ cancel }) => {
			setTimeout(() => {
				canceledAt = Date.now();
				cancel();
			}, 5_500);
		},
		linger: 30,
	});
	expect(ended.run.status).toBe('canceled');
	expect(canceledAt).toBeGreaterThan(0);
	expect(cobalt.world.requests().filter(({ at }) => at > canceledAt)).toEqual([]);
});
