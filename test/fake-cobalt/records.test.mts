import { describe, expect, it } from 'vitest';

import {
	connect,
	headersOf,
	openCobalt,
	jobEventOf,
	advanceSeconds,
	freezeClock,
} from './setup.mts';

freezeClock();

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
	])('refuses a submission to %s with %o', async (path, body, status, message) => {
		const { cobalt, client } = await openCobalt();
		const reply = await client.post(path, body);
		expect(reply.status).toBe(status);
		expect(reply.data.message).toContain(message);
		expect(cobalt.world.jobs()).toEqual([]);
	});

	it('fails later when only the EHR can find the error', async () => {
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

	it('stores a document byte for byte', async () => {
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
	])('refuses a document with invalid fields (%#)', async (fields, message) => {
		const { client } = await openCobalt();
		const reply = await client.upload('/documents', { ...FIELDS, ...fields });
		expect(reply).toMatchObject({ status: 400 });
		expect(reply.data.message).toContain(message);
	});

	it.each(['', '--x\r\n', '--x\r\n\r\n\r\n--x--', '--xy--', '--x--\r\nmore'])(
		'refuses a document in a malformed body: %j',
		async (body) => {
			const { client } = await openCobalt();
			const reply = await client.post('/documents', body, 'multipart/form-data; boundary=x');
			expect(reply.status).toBe(400);
			expect((await client.post('/documents', {})).status).toBe(400);
		},
	);

	it('accepts documents in a referral of up to 25 MB', async () => {
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

describe('the account', () => {
	it('finds a provider and a location only by the right kind of ID', async () => {
		const { cobalt, client } = await openCobalt();
		const [provider] = cobalt.world.providers();
		const id = String(provider?.id);
		const body = { status: 'inactive' } as const;
		expect((await client.patch('/providers/118', body)).status).toBe(404);
		expect((await client.patch(`/providers/ehr/${id}`, body)).status).toBe(404);
		expect((await client.patch(`/providers/${id}`, {})).status).toBe(400);
		expect((await client.patch('/locations/2', body)).status).toBe(404);
		expect(cobalt.world.providers(body)).toHaveLength(1);
		expect(cobalt.world.locations(body)).toEqual([]);
	});

	it('registers webhooks without an access token', async () => {
		const { cobalt } = await openCobalt({ webhookResponse: 'schema' });
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
