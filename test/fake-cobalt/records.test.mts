import { describe, expect, it } from 'vitest';

import {
	BOOKING,
	connect,
	headersOf,
	idsOf,
	listOf,
	openCobalt,
	jobEventOf,
	advanceSeconds,
	freezeClock,
	type Client,
} from './setup.mts';

freezeClock();

async function booked(client: Client): Promise<string> {
	const { appointment_id } = idsOf(await client.post('/appointments', BOOKING));
	advanceSeconds(600);
	return String(appointment_id);
}

const REFERRAL = {
	patient_mrn: '804',
	referring_from_provider_ehr_id: '401',
	referring_to_provider_ehr_id: '118',
	direction: 'incoming',
	priority: 'urgent',
	reason: 'Chest pain',
};
const CALL = {
	patient_mrn: '123456789',
	provider_id: '118',
	location_id: '2',
	assigned_to_id: '501',
};
const DOCTOR = { first_name: 'Ann', last_name: 'Lee', npi: '1234567890' };
const TASK = { description: 'Call back', patient_mrn: '804' };

describe('a submission', () => {
	it.each([
		[
			'/patient-notes',
			{ note: 'n', subject: 's', patient_mrn: '804', location_id: '2' },
			'patient_note',
		],
		['/tasks', { ...TASK, assignee_user_id: '501', notify_list: ['502'] }, 'task'],
		['/tasks/notes', { emr_task_id: '70001', note: 'Done.' }, 'task_note'],
		['/referring-providers', { ...DOCTOR, fax: '518-555-0000' }, 'referring_provider'],
		['/referrals', REFERRAL, 'referral'],
		['/telephone-encounters', { ...CALL, refill_medication_name: 'lisin' }, 'telephone_encounter'],
	])('to %s becomes a record and two kinds of event', async (path, body, name) => {
		const { cobalt, client } = await openCobalt();
		const reply = await client.post(path, body);
		const id = { [`${name}_id`]: reply.data[`${name}_id`] };
		expect(reply.data).toEqual({
			success: true,
			message: expect.any(String) as string,
			job_id: expect.any(Number) as number,
			[`${name}_id`]: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
		});
		expect(await jobEventOf(client, reply)).toMatchObject({ type: `${name}.created`, data: id });
		cobalt.ehrWorker.plan({ outcome: 'failure', failureReason: 'No.' });
		expect(await jobEventOf(client, await client.post(path, body))).toMatchObject({
			type: `${name}.failed`,
			data: { failure_reason: 'No.', reasons: [{ description: 'No.' }] },
		});
	});

	it('may be a message, an action, a note or a claim', async () => {
		const { cobalt, client } = await openCobalt();
		const text = { provider: '118', subject: 's', message: 'm' };
		const message = await client.post('/messages', text);
		expect(idsOf(message).message_id).toMatch(/^msg_/);
		const action = { emr_appointment_id: '60001', text: 'Called.', is_high_priority: 'true' };
		const acted = await client.post('/telephone-encounters/actions', action);
		expect((await jobEventOf(client, acted)).type).toBe('telephone_encounter.action.created');
		const appointment_id = await booked(client);
		const note = { subjective: 'Fine.', plan: 'Rest.' };
		const noted = await client.post('/notes', { appointment_id, note, cpt_codes: ['99213'] });
		expect(noted.data.message).toBe('Note upload in progress.');
		expect((await jobEventOf(client, noted)).type).toBe('note.created');
		expect(cobalt.world.appointments()).toMatchObject([{ progress_note: note }]);
		const claim = await client.post('/claims', { appointment_id });
		expect(claim).toMatchObject({ status: 202, data: { appointment_id } });
		expect((await client.post('/claims', { appointment_id })).data.message).toContain('already');
		expect((await jobEventOf(client, claim)).type).toBe('claim.created');
	});

	it.each([
		['/tasks', {}, 400, 'Missing required field: description'],
		['/tasks', { ...TASK, assignee_user_id: '9' }, 404, 'User not found.'],
		['/tasks', { ...TASK, notify_list: '501' }, 400, 'field: notify_list'],
		['/tasks/notes', { emr_task_id: '1', note: 'n', subject: 's' }, 400, 'request body: subject'],
		['/messages', { provider: '9', subject: 's', message: 'm' }, 404, 'Provider not found.'],
		['/referring-providers', { ...DOCTOR, fax: '5185550000' }, 400, 'field: fax'],
		['/referrals', { ...REFERRAL, direction: 'outgoing' }, 404, 'not found'],
		['/referrals', { ...REFERRAL, patient_mrn: '9' }, 404, 'Patient not found.'],
		['/referrals', { ...REFERRAL, documents: [{ filename: 'a' }] }, 400, 'content_base64'],
		['/telephone-encounters', { ...CALL, reason: 'x'.repeat(51) }, 400, 'field: reason'],
		['/telephone-encounters', { ...CALL, refill_medication_name: 'x' }, 400, 'refill'],
		['/telephone-encounters', { ...CALL, assigned_to_id: '9' }, 404, 'User not found.'],
		['/claims', {}, 400, "'appointment_id' is required."],
		['/claims', { appointment_id: '12' }, 400, 'valid UUID'],
		['/claims', { appointment_id: '0'.repeat(32) }, 404, 'Appointment not found.'],
		['/notes', { appointment_id: '1', note: 'n' }, 404, 'Appointment not found.'],
		['/notes', { appointment_id: '1', note: { mood: 'n' } }, 400, 'request body: mood'],
	])('to %s with %o is refused', async (path, body, status, message) => {
		const { cobalt, client } = await openCobalt();
		const reply = await client.post(path, body);
		expect(reply.status).toBe(status);
		expect(reply.data.message).toContain(message);
		expect(cobalt.world.jobs()).toEqual([]);
	});

	it('fails for what only the EHR knows', async () => {
		const { client } = await openCobalt();
		const reasonOf = async (path: string, body: object) =>
			(await jobEventOf(client, await client.post(path, body))).data.failure_reason;
		const refill = { ...CALL, refill_medication_name: 'aspirin' };
		expect(await reasonOf('/telephone-encounters', refill)).toContain(
			'Available medications: Lisinopril 10 MG,',
		);
		expect(await reasonOf('/tasks', { ...TASK, patient_mrn: '9' })).toContain('MRN');
		expect(await reasonOf('/tasks/notes', { emr_task_id: '9', note: 'n' })).toContain('task');
		expect(await reasonOf('/referring-providers', { ...DOCTOR, npi: '1' })).toContain('NPI');
	});
});

describe('a document', () => {
	const FIELDS = { folder_name: 'Labs', patient_mrn: '804', is_reviewed: 'true' };
	const file = new File([new Uint8Array([0, 13, 10, 45, 45, 255])], 'Größe "1".bin', {
		type: 'image/png',
	});

	it('is kept byte for byte', async () => {
		const { cobalt, client } = await openCobalt();
		const reply = await client.upload('/documents', { ...FIELDS, document: file });
		const path = `/documents/${String(reply.data.document_id)}`;
		expect((await client.get(path)).data).toEqual({
			success: false,
			message: 'Document not found',
		});
		expect(await jobEventOf(client, reply)).toMatchObject({
			type: 'document.uploaded',
			data: { patient_mrn: '804', folder_name: 'Labs' },
		});
		const { headers, bytes } = await client.download(path);
		expect(bytes).toEqual(Buffer.from(await file.arrayBuffer()));
		expect(headers['content-type']).toBe('image/png');
		expect(headers['content-disposition']).toBe(
			`attachment; filename="Gr__e \\"1\\".bin"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.bin`,
		);
		expect(cobalt.world.documents({ filename: file.name })).toMatchObject([{ is_reviewed: true }]);
	});

	it.each<[Record<string, string | Blob>, string]>([
		[{ document: 'text' }, 'field: document'],
		[{ document: new File([], 'empty.pdf') }, 'not empty'],
		[{}, 'Missing required field: document'],
		[{ document: file, colour: 'red' }, 'request body: colour'],
		[{ document: file, is_reviewed: 'yes' }, 'field: is_reviewed'],
	])('%# is refused', async (fields, message) => {
		const { client } = await openCobalt();
		const reply = await client.upload('/documents', { ...FIELDS, ...fields });
		expect(reply).toMatchObject({ status: 400 });
		expect(reply.data.message).toContain(message);
	});

	it.each(['', '--x\r\n', '--x\r\n\r\n\r\n--x--', '--xy--', '--x--\r\nmore'])(
		'is refused in a broken form: %j',
		async (body) => {
			const { client } = await openCobalt();
			const reply = await client.post('/documents', body, 'multipart/form-data; boundary=x');
			expect(reply.status).toBe(400);
			expect((await client.post('/documents', {})).status).toBe(400);
		},
	);

	it('may come with a referral of up to 25 MB', async () => {
		const { cobalt, client } = await openCobalt();
		const content_base64 = Buffer.from('hello').toString('base64');
		const documents = [{ filename: 'a.PDF', content_base64 }];
		await client.post('/referrals', { ...REFERRAL, documents });
		advanceSeconds(600);
		const [referral] = cobalt.world.referrals({ patient_mrn: '804', reason: 'Chest pain' });
		const { headers, bytes } = await client.download(
			`/documents/${String(referral?.document_ids[0])}`,
		);
		expect(headers['content-type']).toBe('application/pdf');
		expect(bytes.toString()).toBe('hello');
		const large = { ...REFERRAL, reason: 'x'.repeat(25 * 1024 * 1024) };
		expect((await client.post('/referrals', large)).status).toBe(413);
	});
});

describe('a list', () => {
	it('of referrals is filtered, sorted and paged', async () => {
		const { client } = await openCobalt();
		const year = { start_date: '2024-03-01', end_date: '2025-03-01' };
		const all = await client.get('/referrals', { ...year, page: 3 });
		expect(listOf(all, 'referrals')).toHaveLength(30);
		expect(all.data.pagination).toEqual({
			page: 3,
			page_size: 100,
			total_count: 230,
			total_pages: 3,
		});
		const oldest = await client.get('/referrals', { ...year, sort: 'created_at' });
		expect(listOf(oldest, 'referrals')[0]).toMatchObject({ ehr_id: '20230' });
		const one = await client.get('/referrals', { ...year, ehr_id: '20001' });
		expect(listOf(one, 'referrals')).toMatchObject([{ from_provider_name: 'Ellen Brandt' }]);
		expect((await client.get('/referrals')).status).toBe(400);
	});

	it('of claims, orders, pharmacies and doctors is as documented', async () => {
		const { client } = await openCobalt({ money: 'string', orders: 'old' });
		const claims = await client.get('/claims', { page: 3 });
		expect(listOf(claims, 'claims')).toHaveLength(30);
		expect(listOf(claims, 'claims')[0]).toMatchObject({ total_charge: '350.00' });
		const orders = await client.get('/orders', { patient_mrn: '44235' });
		expect(listOf(orders, 'orders')).toHaveLength(3);
		expect(listOf(orders, 'orders')[0]).toMatchObject({ type: 'lab', status: 'completed' });
		expect((await client.get('/orders')).status).toBe(400);
		expect(listOf(await client.get('/pharmacies'), 'pharmacies')).toHaveLength(3);
		const doctors = await client.get('/referring-providers', { last_name: 'bran' });
		expect(listOf(doctors, 'referring_providers')).toHaveLength(2);
		const byPhone = await client.get('/referring-providers', { phone: '(518) 555 0401' });
		expect(listOf(byPhone, 'referring_providers')).toMatchObject([{ last_name: 'Patel' }]);
	});
});

describe('the account', () => {
	it('lets providers and locations be changed, by the right id', async () => {
		const { cobalt, client } = await openCobalt();
		const [provider] = cobalt.world.providers();
		const [location] = cobalt.world.locations();
		const id = String(provider?.id);
		const shift = { start: 'T09:00:00', end: 'T10:30:00', facility_id: location?.id };
		const body = { status: 'Active', hours: [{ day: 'Tuesday', shifts: [shift] }] };
		expect((await client.patch(`/providers/${id}`, body)).data.provider_id).toBe(id);
		const day = { start_date: '2025-03-04', end_date: '2025-03-04T00:00:00-05:00' };
		const { data } = await client.get('/availability', { ...day, location_ids: '123456789' });
		expect(data.results).toMatchObject({
			availability: [{ duration_string: '1h30m', provider_id: '123456789', day_of_week: 2 }],
		});
		const hidden = await client.patch('/providers/ehr/118', { hide_in_availability: 'true' });
		expect(hidden.status).toBe(200);
		expect((await client.patch('/providers/118', body)).status).toBe(404);
		expect((await client.patch(`/providers/ehr/${id}`, body)).status).toBe(404);
		expect((await client.patch(`/providers/${id}`, {})).status).toBe(400);
		expect((await client.patch('/locations/2', { status: 'inactive' })).status).toBe(404);
		const closed = await client.patch(`/locations/${String(location?.id)}`, { status: 'INACTIVE' });
		expect(closed.data.message).toBe('Location status updated successfully.');
		expect(cobalt.world.locations({ status: 'inactive' })).toHaveLength(1);
	});

	it('registers webhooks without an access token', async () => {
		const { cobalt } = await openCobalt({ webhookAnswer: 'schema' });
		const client = connect(cobalt, { ...headersOf(cobalt), access_token: undefined });
		expect((await client.post('/webhook', { webhook_url: 'http://a.b' })).status).toBe(400);
		const { data } = await client.post('/webhook', { webhook_url: 'https://a.b/c' });
		const [webhook] = cobalt.world.webhooks();
		expect(data.webhook).toMatchObject({ webhook_id: webhook?.id, webhook_url: 'https://a.b/c' });
		expect((await client.get('/webhook')).data).toMatchObject({
			webhook_urls: [{ id: webhook?.id, url: 'https://a.b/c' }],
			webhook_secret_key: webhook?.secret,
		});
		const path = `/webhook/${String(webhook?.id)}`;
		expect((await client.post(`${path}/rotate-secret`)).status).toBe(200);
		expect((await client.post('/webhook/rotate-secret')).status).toBe(200);
		expect(cobalt.world.webhooks()[0]?.secret).not.toBe(webhook?.secret);
		expect((await client.delete(path)).status).toBe(200);
		expect((await client.delete(path)).status).toBe(404);
		expect((await client.get('/settings')).status).toBe(401);
	});
});
