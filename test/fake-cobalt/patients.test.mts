import { describe, expect, it } from 'vitest';

import {
	idsOf,
	listOf,
	openCobalt,
	jobEventOf,
	PATIENT,
	advanceSeconds,
	freezeClock,
} from './setup.mts';

freezeClock();

describe('an update of a patient', () => {
	it.each([
		[{ phone: '2223334444' }, 'field: phone'],
		[{ address_state: 'New York' }, 'field: address_state'],
		[{ address_zip: '1220' }, 'field: address_zip'],
		[{ save_previous_address: 'true' }, 'field: save_previous_address'],
		[{ first_name: 'Ada' }, 'request body: first_name'],
		[{ save_previous_address: true }, 'No fields to update'],
		[{ pcp_id: '118' }, 'Primary care provider not found'],
	])('refuses to update a patient with %o', async (body, message) => {
		const { cobalt, client } = await openCobalt();
		const [patient] = cobalt.world.patients({ mrn: '804' });
		const { data } = await client.patch(`/patients/${String(patient?.id)}`, body);
		expect(data.message).toContain(message);
		expect((await client.patch('/patients/804', { email: 'a@b.c' })).status).toBe(404);
		expect(cobalt.world.jobs()).toEqual([]);
	});

	it('changes any field without a job before the patient is in the EHR', async () => {
		const { cobalt, client } = await openCobalt();
		const { patient_id } = idsOf(await client.post('/patients', PATIENT));
		const reply = await client.patch(`/patients/${String(patient_id)}`, { last_name: 'Lovelace' });
		expect(reply.data).toEqual({ success: true, message: 'Patient updated successfully' });
		expect(cobalt.world.patients({ last_name: 'Lovelace' })).toHaveLength(1);
		expect(cobalt.world.jobs()).toHaveLength(1);
	});
});

describe('an insurance', () => {
	const path = '/patients/804/insurances';
	const INSURANCE = { member_id: 'M1', insurance_name: 'aetna 1', plan_begin_date: '2025-01-01' };

	it("updates an insurance by the EHR's ID only, and never its priority", async () => {
		const { client } = await openCobalt();
		const { data } = await jobEventOf(client, await client.post(path, INSURANCE));
		const change = async (id: unknown, body: object) =>
			(await client.patch(`${path}/${String(id)}`, body)).status;
		expect(await change(data.emr_insurance_id, { copayment: 1 })).toBe(200);
		expect(await change(data.emr_insurance_id, { priority: '1' })).toBe(400);
		expect(await change(data.patient_insurance_id, { copayment: 1 })).toBe(404);
	});

	it.each([
		[{ insurance_name: undefined }, 400, 'insurance_provider_id'],
		[{ insurance_name: undefined, insurance_payer_id: '60001' }, 400, 'needs insurance_name'],
		[{ insurance_payer_id: '1' }, 404, 'Insurance provider not found'],
		[{ insurance_provider_id: 'x' }, 400, 'Send either'],
		[{ plan_begin_date: undefined }, 400, 'plan_begin_date'],
		[{ copayment: -1 }, 400, 'copayment'],
		[{ copayment: '5' }, 400, 'copayment'],
		[{ priority: 1 }, 400, 'priority'],
		[{ relationship_to_subscriber: 'spouse' }, 400, 'first_name'],
		[{ subscriber_demographics: { zip: '1' } }, 400, 'zip'],
		[{ subscriber_demographics: { colour: '1' } }, 400, 'colour'],
	])('refuses an insurance with %o', async (change, status, message) => {
		const { client } = await openCobalt();
		const reply = await client.post(path, { ...INSURANCE, ...change });
		expect(reply.status).toBe(status);
		expect(reply.data.message).toContain(message);
		expect((await client.post('/patients/9/insurances', INSURANCE)).status).toBe(404);
	});

	it("lists eligibility checks in pages of up to 500, and benefits by Cobalt's ID", async () => {
		const { cobalt, client } = await openCobalt();
		const checks = await client.get('/eligibility-checks', { page_size: 250, page: 2 });
		expect(checks.data.pagination).toEqual({
			page: 2,
			page_size: 250,
			total_records: 260,
			total_pages: 2,
		});
		expect((await client.get('/eligibility-checks', { page_size: 501 })).status).toBe(400);
		const [first] = cobalt.world.eligibilityChecks();
		const benefits = (id: unknown) => client.get(`/eligibility-checks/${String(id)}/benefits`);
		expect((await benefits(first?.id)).status).toBe(200);
		expect((await benefits(first?.emr_id)).status).toBe(404);
	});
});

describe('a live fetch', () => {
	const WEEK = { start_date: '2025-03-10', end_date: '2025-03-17' };
	const providers = { search_by: 'provider', ...WEEK, provider_ids: ['118'] };
	it.each([
		['/appointments/fetch', {}, 'Missing required parameters: start_date, end_date.'],
		['/appointments/fetch', { ...WEEK, end_date: '2025-03-18' }, 'exceed 7 days'],
		['/appointments/fetch', { ...WEEK, end_date: '2025-03-09' }, 'before start_date'],
		['/appointments/fetch', { search_by: 'mrn' }, 'Missing required parameters: mrn.'],
		['/appointments/fetch', providers, 'exceed 5 days'],
		['/availability/fetch', { ...WEEK, provider_ids: [] }, 'parameters: provider_ids'],
		['/availability/fetch', { ...WEEK, provider_ids: ['118', '204'] }, 'same day'],
		['/availability/fetch', { ...WEEK, provider_ids: Array(11).fill('118') }, 'up to 10'],
		['/patients/fetch', { search_by: 'phone', phone: '5185550200' }, 'field: phone'],
		['/patients/fetch', { search_by: 'name' }, 'parameters: first_name, last_name'],
		['/patients/fetch', { search_by: 'mrn', mrn: '1', include: ['labs'] }, 'field: include'],
		['/patients/fetch', { search_by: 'mrn', mrn: '804', include: 'insurances, tasks' }, 'include'],
	])('%s refuses %o', async (path, body, message) => {
		const { client } = await openCobalt();
		const { status, data } = await client.post(path, body);
		expect(status).toBe(400);
		expect(data.message).toContain(message);
	});

	it('accepts a live fetch only with EHR IDs, and only for eClinicalWorks', async () => {
		const { cobalt, client } = await openCobalt();
		const [provider] = cobalt.world.providers();
		const day = { start_date: '2025-03-10', end_date: '2025-03-10' };
		const body = { ...day, provider_ids: [provider?.id] };
		expect((await client.post('/availability/fetch', body)).status).toBe(404);
		cobalt.world.settings.emr = 'Athena';
		expect((await client.post('/appointments/fetch', day)).data.message).toBe(
			'Live fetch for appointments is not supported for Athena. Currently supported: eClinicalWorks.',
		);
	});

	it('responds with the older envelope and status 202 in the older dialect', async () => {
		const { client } = await openCobalt({ liveFetch: 'old' });
		const { status, data } = await client.post('/appointments/fetch', WEEK);
		expect(status).toBe(202);
		advanceSeconds(600);
		const [event] = listOf(await client.get('/webhook-events'), 'webhook_events');
		expect(event).toMatchObject({
			job_execution_id: data.job_execution_id,
			user_id: 'clinic_1',
			timestamp: expect.any(String) as string,
			action: 'sync',
		});
		expect(event).not.toHaveProperty('job_id');
	});
});
