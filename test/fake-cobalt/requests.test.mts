import { describe, expect, it } from 'vitest';

import { BOOKING, PATIENT, connect, headersOf, openCobalt, freezeClock } from './setup.mts';

freezeClock();

describe('every endpoint', () => {
	it.each(['client_id', 'client_secret', 'access_token'])(
		'refuses a request without the right %s',
		async (name) => {
			const { cobalt } = await openCobalt();
			const wrong = connect(cobalt, { ...headersOf(cobalt), [name]: 'wrong' });
			const missing = connect(cobalt, { ...headersOf(cobalt), [name]: undefined });
			const refused = {
				status: 401,
				data: { success: false, message: expect.any(String) as string },
			};
			expect(await wrong.get('/settings')).toMatchObject(refused);
			expect(await missing.post('/appointments', BOOKING)).toMatchObject(refused);
			expect(cobalt.world.jobs()).toEqual([]);
		},
	);

	it('responds with login_required when the EHR login has expired', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.world.settings.loginExpired = true;
		const { status, data } = await client.get('/settings');
		expect(status).toBe(403);
		expect(data).toEqual({
			success: false,
			error: 'login_required',
			message: 'Account link expired. Please go through the integration setup again.',
		});
	});

	it('responds with 404 to unknown paths', async () => {
		const { client } = await openCobalt();
		for (const path of ['/nowhere', '/appointments/', '/visit-types']) {
			expect(await client.get(path)).toMatchObject({ status: 404, data: { success: false } });
		}
	});
});

it.each(['/appointments', '/referrals', '/orders'])(
	'the list %s refuses a request without its required query',
	async (path) => {
		const { client } = await openCobalt();
		const { status, data } = await client.get(path);
		expect(status).toBe(400);
		expect(data.message).toContain('Missing required parameter');
	},
);

describe('a body', () => {
	const without = (...names: string[]) =>
		Object.fromEntries(Object.entries(BOOKING).filter(([name]) => !names.includes(name)));

	it.each([
		['nothing', {}, 'Missing required field: mrn'],
		['no start', without('datetime'), 'Missing required field: datetime'],
		['a date only', { ...without('datetime'), date: '2025-03-15' }, 'Missing required field: time'],
		['an empty value', { ...BOOKING, type: '' }, 'Missing required field: type'],
		['a null', { ...BOOKING, provider: null }, 'Missing required field: provider'],
		['an unknown field', { ...BOOKING, colour: 1 }, 'Unexpected fields in request body: colour'],
		['a name that objects inherit', { ...BOOKING, toString: '' }, 'body: toString'],
		['both starts', { ...BOOKING, date: '2025-03-15', time: '2:00 pm' }, 'Send either'],
		['a number', { ...BOOKING, mrn: 123456789 }, 'field: mrn'],
		['a boolean flag', { ...BOOKING, new_patient: true }, 'field: new_patient'],
		['a boolean flag', { ...BOOKING, prevent_double_booking: false }, 'field: prevent_double'],
		['a number of minutes', { ...BOOKING, duration: 30 }, 'field: duration'],
		['minutes in words', { ...BOOKING, duration: '30 min' }, 'field: duration'],
		['UTC as Z', { ...BOOKING, datetime: '2025-03-15T14:00:00Z' }, 'field: datetime'],
		['no offset', { ...BOOKING, datetime: '2025-03-15T14:00:00' }, 'field: datetime'],
		['milliseconds', { ...BOOKING, datetime: '2025-03-15T14:00:00.000-05:00' }, 'datetime'],
		['no such day', { ...BOOKING, datetime: '2025-02-30T14:00:00-05:00' }, 'field: datetime'],
		['no such date', { ...without('datetime'), date: '2025-02-29', time: '2:00 pm' }, 'date'],
		['24 hours', { ...without('datetime'), date: '2025-03-15', time: '14:00' }, 'field: time'],
		['24 hours', { ...without('datetime'), date: '2025-03-15', time: '10:00' }, 'field: time'],
		['a list around it', [BOOKING], 'JSON object'],
	])('refuses a body with %s', async (_what, body, message) => {
		const { cobalt, client } = await openCobalt();
		const { status, data } = await client.post('/appointments', body);
		expect(status).toBe(400);
		expect(data).toEqual({ success: false, message: expect.stringContaining(message) as string });
		expect(cobalt.world.appointments()).toEqual([]);
	});

	it.each([
		['broken JSON', '{"mrn":', 'application/json'],
		['a form', 'mrn=1', 'application/x-www-form-urlencoded'],
		['empty', '', 'application/json'],
	])('refuses a body that is %s', async (_what, body, contentType) => {
		const { client } = await openCobalt();
		expect((await client.post('/appointments', body, contentType)).status).toBe(400);
	});

	it.each(['location', 'provider', 'secondary_provider'])(
		'refuses a booking with an unknown %s',
		async (name) => {
			const { client } = await openCobalt();
			const reply = await client.post('/appointments', { ...BOOKING, [name]: '999' });
			expect(reply).toMatchObject({ status: 404, data: { success: false } });
		},
	);

	it('refuses a patient without a required field or with an invalid one', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.world.settings.required_patient_fields.push('phone');
		const refused = async (body: object) => (await client.post('/patients', body)).data.message;
		expect(await refused(PATIENT)).toBe('Missing required field: phone');
		const withPhone = { ...PATIENT, phone: '5551234567' };
		expect(await refused({ ...withPhone, sex: 'f' })).toContain('sex');
		expect(await refused({ ...withPhone, dob: '1990-02-30' })).toContain('dob');
		expect(await refused({ ...withPhone, zip: '1' })).toBe(
			'Unexpected fields in request body: zip',
		);
		expect(await refused({ ...withPhone, check_eligibility: true })).toContain('check_eligibility');
		expect((await client.post('/patients', withPhone)).status).toBe(200);
	});
});

describe('an undeclared parameter', () => {
	it.each([
		['/settings', { page: 1 }, 'page'],
		['/providers', { status: 'active' }, 'status'],
		['/orders', { patient_mrn: '804', page: 1, page_size: 5 }, 'page, page_size'],
		['/referring-providers', { name: 'Patel' }, 'name'],
		['/webhook-events', { jobId: '1' }, 'jobId'],
		['/patients', { toString: 'x' }, 'toString'],
	])('refuses an undeclared parameter in the query: %s with %o', async (path, query, names) => {
		const { client } = await openCobalt();
		const { status, data } = await client.get(path, query);
		expect(status).toBe(400);
		expect(data.message).toBe(`Unexpected query parameters: ${names}`);
	});

	it.each(['/appointments', '/webhook'])(
		'refuses query parameters of a POST to %s',
		async (path) => {
			const { client } = await openCobalt();
			const { status, data } = await client.post(`${path}?dry_run=true`, {});
			expect(status).toBe(400);
			expect(data.message).toBe('Unexpected query parameters: dry_run');
		},
	);

	it.each([
		['GET', '/settings'],
		['GET', '/patients'],
		['POST', '/webhook/rotate-secret'],
		['DELETE', '/webhook/1'],
	])('refuses a body for an endpoint without one: %s %s', async (method, path) => {
		const { client } = await openCobalt();
		for (const body of [{}, { id: '1' }, 'x']) {
			const { status, data } = await client.send(method, path, body);
			expect(status).toBe(400);
			expect(data).toEqual({ success: false, message: 'This endpoint takes no request body.' });
		}
	});

	it.each(['known', 'ignored'] as const)(
		'accepts both filters by delivery status when job_id is %s',
		async (jobIdFilter) => {
			const { client } = await openCobalt({ jobIdFilter });
			const query = { job_id: '1', status: 'failed', delivery_status: 'failed' };
			expect((await client.get('/webhook-events', query)).status).toBe(200);
		},
	);
});
