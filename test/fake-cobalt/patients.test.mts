import { describe, expect, it } from 'vitest';

import {
	BOOKING,
	idsOf,
	listOf,
	openCobalt,
	jobEventOf,
	PATIENT,
	advanceSeconds,
	freezeClock,
} from './setup.mts';

freezeClock();

describe('updating a patient', () => {
	it('lets contact data of an active one change, later', async () => {
		const { cobalt, client } = await openCobalt();
		const [{ id } = { id: '' }] = cobalt.world.patients({ mrn: '804' });
		const reply = await client.patch(`/patients/${id}`, {
			phone: '222-333-4444',
			address_zip: '12207-1234',
			save_previous_address: false,
		});
		expect(reply.data).toMatchObject({ success: true, message: 'Patient updated successfully' });
		expect(cobalt.world.patients({ status: 'pending_update' })).toMatchObject([{ id }]);
		expect(await jobEventOf(client, reply)).toMatchObject({
			type: 'patient.updated',
			data: { patient_id: id, mrn: '804', updated_fields: { phone: '222-333-4444' } },
		});
		expect(cobalt.world.patients({ phone: '222-333-4444', status: 'active' })).toHaveLength(1);
	});

	it.each([
		[{ phone: '2223334444' }, 'field: phone'],
		[{ address_state: 'New York' }, 'field: address_state'],
		[{ address_zip: '1220' }, 'field: address_zip'],
		[{ save_previous_address: 'true' }, 'field: save_previous_address'],
		[{ first_name: 'Ada' }, 'request body: first_name'],
		[{ save_previous_address: true }, 'No fields to update'],
		[{ pcp_id: '118' }, 'Primary care provider not found'],
	])('refuses %o', async (body, message) => {
		const { cobalt, client } = await openCobalt();
		const [patient] = cobalt.world.patients({ mrn: '804' });
		const { data } = await client.patch(`/patients/${String(patient?.id)}`, body);
		expect(data.message).toContain(message);
		expect((await client.patch('/patients/804', { email: 'a@b.c' })).status).toBe(404);
		expect(cobalt.world.jobs()).toEqual([]);
	});

	it('lets everything change before the patient is in the EHR, without a job', async () => {
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

	it('is added, changed and found', async () => {
		const { cobalt, client } = await openCobalt();
		const added = await client.post(path, { ...INSURANCE, priority: '2', copayment: 10 });
		const { type, data } = await jobEventOf(client, added);
		expect(type).toBe('patient.insurance.added');
		expect(data).toMatchObject({
			patient_insurance_id: added.data.patient_insurance_id,
			patient_mrn: '804',
		});
		const record = `${path}/${String(data.emr_insurance_id)}`;
		expect((await jobEventOf(client, await client.patch(record, { copayment: 0 }))).type).toBe(
			'patient.insurance.updated',
		);
		expect(cobalt.world.insurances({ patient_mrn: '804' })).toMatchObject([
			{ copayment: 0, member_id: 'M1', state: 'done' },
		]);
		expect((await client.patch(record, { priority: '1' })).status).toBe(400);
		const cobaltId = String(data.patient_insurance_id);
		expect((await client.patch(`${path}/${cobaltId}`, { copayment: 1 })).status).toBe(404);
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
	])('with %o is refused', async (change, status, message) => {
		const { client } = await openCobalt();
		const reply = await client.post(path, { ...INSURANCE, ...change });
		expect(reply.status).toBe(status);
		expect(reply.data.message).toContain(message);
		expect((await client.post('/patients/9/insurances', INSURANCE)).status).toBe(404);
	});

	it('has providers and checks in pages of their own', async () => {
		const { cobalt, client } = await openCobalt();
		const providers = await client.get('/insurance-providers', { page: 2 });
		expect(listOf(providers, 'insurance_providers')).toHaveLength(30);
		expect(providers.data.pagination).toEqual({
			current_page: 2,
			total_pages: 2,
			total_count: 130,
			page_size: 100,
		});
		const checks = await client.get('/eligibility-checks', { page_size: 250, page: 2 });
		expect(listOf(checks, 'eligibility_checks')).toHaveLength(10);
		expect(checks.data.pagination).toEqual({
			page: 2,
			page_size: 250,
			total_records: 260,
			total_pages: 2,
		});
		const [first] = cobalt.world.eligibilityChecks();
		const benefits = await client.get(`/eligibility-checks/${String(first?.id)}/benefits`, {
			page: 2,
		});
		expect(listOf(benefits, 'benefits')).toHaveLength(30);
		const byEhrId = await client.get(`/eligibility-checks/${String(first?.emr_id)}/benefits`);
		expect(byEhrId.status).toBe(404);
		expect((await client.get('/eligibility-checks', { page_size: 501 })).status).toBe(400);
	});
});

describe('a live fetch', () => {
	const WEEK = { start_date: '2025-03-10', end_date: '2025-03-17' };

	it('finds what is in the EHR', async () => {
		const { client } = await openCobalt();
		await client.post('/appointments', BOOKING);
		advanceSeconds(600);
		const reply = await client.post('/appointments/fetch', WEEK);
		expect(reply.data).toEqual({
			success: true,
			message: 'Live fetch request accepted. Results will be sent via webhook when ready.',
			job_id: expect.any(String) as string,
		});
		const { type, data } = await jobEventOf(client, reply);
		expect(type).toBe('appointment.live_fetch_completed');
		expect(data).toMatchObject({ success: true, appointment_count: 1, ...WEEK });
		const search = { search_by: 'mrn', mrn: '123456789', include: 'insurances, tasks' };
		expect((await client.post('/patients/fetch', search)).status).toBe(400);
		const found = await client.post('/patients/fetch', { ...search, include: 'insurances,tasks' });
		expect(await jobEventOf(client, found)).toMatchObject({
			type: 'patient.live_fetch_completed',
			data: {
				success: true,
				patient_count: 1,
				patients: [{ tasks: [{ emr_task_id: '70001' }], insurances: [{ priority: 1 }] }],
			},
		});
	});

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
	])('%s refuses %o', async (path, body, message) => {
		const { client } = await openCobalt();
		const { status, data } = await client.post(path, body);
		expect(status).toBe(400);
		expect(data.message).toContain(message);
	});

	it('wants EHR ids, and eClinicalWorks', async () => {
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

	it('has an older dialect', async () => {
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
