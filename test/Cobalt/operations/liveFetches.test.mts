import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { cobaltForTest, run } from '../setup.mts';
import { booked, outcome, runOperation, sent } from './setup.mts';

const ENVELOPES = ['new', 'old'] as const;

const TEN = Array.from({ length: 10 }, () => '118');

const WINDOW = { startDate: '2025-06-02', endDate: '2025-06-02' };

describe('Appointment: Fetch Live', () => {
	it.each<[string, INodeParameters, object]>([
		[
			'up to 7 days',
			{ searchBy: 'date_range', startDate: '2025-06-01', endDate: '2025-06-08T00:00:00' },
			{ search_by: 'date_range', start_date: '2025-06-01', end_date: '2025-06-08' },
		],
		['a patient', { searchBy: 'mrn', mrn: '44235' }, { search_by: 'mrn', mrn: '44235' }],
		[
			'up to 5 days of one provider',
			{
				searchBy: 'provider',
				providerIds: ['118'],
				startDate: '2025-06-01',
				endDate: '2025-06-06',
			},
			{
				search_by: 'provider',
				provider_ids: ['118'],
				start_date: '2025-06-01',
				end_date: '2025-06-06',
			},
		],
		[
			'a day of 10 providers',
			{ searchBy: 'provider', providerIds: TEN, ...WINDOW },
			{
				search_by: 'provider',
				provider_ids: TEN,
				start_date: '2025-06-02',
				end_date: '2025-06-02',
			},
		],
	])('finds the appointments of %s', async (_, parameters, body) => {
		const cobalt = await cobaltForTest();
		const id = await booked(cobalt);
		await booked(cobalt, { mrn: '804', provider: '123456789', datetime: '2025-07-02T10:00:00Z' });
		const ended = await runOperation(cobalt, 'appointment.fetchLive', { parameters });
		expect(sent(cobalt).body).toEqual(body);
		expect(ended.json()).toEqual([
			expect.objectContaining({
				appointment_count: 1,
				appointments: [expect.objectContaining({ appointment_id: id, mrn: '44235' })],
			}),
		]);
	});

	it('does not send fields that the form hides', async () => {
		const cobalt = await cobaltForTest();
		const left = { mrn: '804', providerIds: ['204'] };
		const parameters = { searchBy: 'date_range', ...WINDOW, ...left };
		await runOperation(cobalt, 'appointment.fetchLive', { parameters });
		expect(sent(cobalt).body).toEqual({
			search_by: 'date_range',
			start_date: '2025-06-02',
			end_date: '2025-06-02',
		});
	});

	it('returns an empty list when there are no appointments', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { searchBy: 'mrn', mrn: '804' };
		const ended = await runOperation(cobalt, 'appointment.fetchLive', { parameters });
		expect(ended.json()[0]).toMatchObject({
			job_status: 'completed',
			appointment_count: 0,
			appointments: [],
		});
	});

	it.each(ENVELOPES)('returns the same spelling from the %s envelope', async (liveFetch) => {
		const cobalt = await cobaltForTest({ liveFetch });
		const id = await booked(cobalt);
		const parameters = { searchBy: 'mrn', mrn: '44235' };
		const ended = await runOperation(cobalt, 'appointment.fetchLive', { parameters });
		const { job, event } = outcome(cobalt);
		expect(ended.json()).toEqual([
			{
				job_id: job?.id,
				job_status: 'completed',
				event_id: event?.id,
				event_type: 'appointment.live_fetch_completed',
				event_created_at: event?.created,
				success: true,
				appointment_count: 1,
				start_date: null,
				end_date: null,
				appointments: [
					{
						appointment_id: id,
						datetime: '2025-06-02T13:00:00.000Z',
						duration: 30,
						status: 'scheduled',
						appointment_type: 'follow_up',
						location: '2',
						mrn: '44235',
						patient_name: 'Maria Alvarez',
						provider_ehr_id: '118',
						provider_name: 'Dr. Michael Denenberg',
						note: null,
						progress_note: null,
					},
				],
			},
		]);
	});

	it.each(ENVELOPES)('returns what Cobalt sent when Output is Raw: %s', async (liveFetch) => {
		const cobalt = await cobaltForTest({ liveFetch });
		const id = await booked(cobalt);
		const parameters = { searchBy: 'mrn', mrn: '44235', output: 'raw' };
		const [json] = (await runOperation(cobalt, 'appointment.fetchLive', { parameters })).json();
		const { job } = outcome(cobalt);
		const jobKey = liveFetch === 'new' ? 'job_id' : 'job_execution_id';
		expect(json).toMatchObject({
			job_id: job?.id,
			submission: { success: true, [jobKey]: job?.id },
			event: {
				action: 'sync',
				[jobKey]: job?.id,
				data: { appointments: [{ id, patient_mrn: '44235', created_by: 'Cobalt' }] },
			},
		});
	});
});

describe('Patient: Fetch Live', () => {
	it.each<[string, INodeParameters, object]>([
		[
			'date of birth',
			{ searchBy: 'dob', dob: '1970-01-31T00:00:00' },
			{ search_by: 'dob', dob: '1970-01-31' },
		],
		['MRN', { searchBy: 'mrn', mrn: '={{ 804 }}' }, { search_by: 'mrn', mrn: '804' }],
		[
			'first name',
			{ searchBy: 'name', firstName: 'joh' },
			{ search_by: 'name', first_name: 'joh' },
		],
		['last name', { searchBy: 'name', lastName: 'doe' }, { search_by: 'name', last_name: 'doe' }],
		[
			'phone',
			{ searchBy: 'phone', phone: '+1 (518) 555-0202' },
			{ search_by: 'phone', phone: '518-555-0202' },
		],
	])('finds a patient by %s', async (_, parameters, body) => {
		const cobalt = await cobaltForTest();
		const left = { mrn: '44235', firstName: '', lastName: '', phone: '5185550200' };
		const ended = await runOperation(cobalt, 'patient.fetchLive', {
			parameters: { ...left, ...parameters },
		});
		expect(sent(cobalt).body).toEqual(body);
		expect(ended.json()).toEqual([
			expect.objectContaining({
				patient_count: 1,
				patients: [expect.objectContaining({ mrn: '804', dob: '1970-01-31', last_name: 'Doe' })],
			}),
		]);
	});

	it.each(ENVELOPES)('returns what Include asks for, in the %s envelope', async (liveFetch) => {
		const cobalt = await cobaltForTest({ liveFetch });
		const parameters = {
			searchBy: 'mrn',
			mrn: '123456789',
			additionalFields: { include: ['insurances', 'tasks'] },
		};
		const ended = await runOperation(cobalt, 'patient.fetchLive', { parameters });
		const [patient] = ended.json()[0]?.patients as Array<Record<string, unknown>>;
		expect(patient).toMatchObject({
			dob: '2001-07-19',
			sex: 'unknown',
			insurances: [{ emr_insurance_id: '88001' }],
			tasks: [{ emr_task_id: '70001' }],
			medications: [{ name: 'Lisinopril 10 MG' }, {}, {}],
		});
		expect(patient).not.toHaveProperty('date_of_birth');
	});

	it('sends a single choice of Include as a list', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { searchBy: 'mrn', mrn: '804', additionalFields: { include: ['tasks'] } };
		await runOperation(cobalt, 'patient.fetchLive', { parameters });
		expect(sent(cobalt).body).toEqual({ search_by: 'mrn', mrn: '804', include: ['tasks'] });
	});
});

describe('Availability: Fetch Live', () => {
	it.each(ENVELOPES)(
		'returns the open times of a provider from the %s envelope',
		async (liveFetch) => {
			const cobalt = await cobaltForTest({ liveFetch });
			const parameters = { ...WINDOW, providerIds: ['118'] };
			const [json] = (await runOperation(cobalt, 'availability.fetchLive', { parameters })).json();
			expect(json).toMatchObject({
				job_status: 'completed',
				job_id: outcome(cobalt).job?.id,
				availability: [
					{ provider_id: '118', date: '2025-06-02' },
					{ provider_id: '118', date: '2025-06-02' },
				],
			});
		},
	);

	it('accepts provider IDs from an expression as a list or with commas', async () => {
		for (const providerIds of ['={{ ["118", 123456789] }}', '118, 123456789']) {
			const cobalt = await cobaltForTest();
			const parameters = { ...WINDOW, providerIds };
			await runOperation(cobalt, 'availability.fetchLive', { parameters });
			expect(sent(cobalt).body).toMatchObject({ provider_ids: ['118', '123456789'] });
		}
	});

	it('reads up to 5 days after the first one', async () => {
		const cobalt = await cobaltForTest();
		const days = { startDate: '2025-06-02', endDate: '2025-06-07' };
		const parameters = { ...days, providerIds: ['118'] };
		await runOperation(cobalt, 'availability.fetchLive', { parameters });
		expect(sent(cobalt).body).toMatchObject({ start_date: '2025-06-02', end_date: '2025-06-07' });
	});
});

const DATES = { searchBy: 'date_range', startDate: '2025-06-01' };
const PROVIDERS = { ...DATES, searchBy: 'provider' };

describe('values that Cobalt does not accept', () => {
	it.each<[string, string, INodeParameters, string]>([
		[
			'appointment',
			'8 days',
			{ ...DATES, endDate: '2025-06-09' },
			"'End Date' is more than 7 days after 'Start Date'",
		],
		[
			'appointment',
			'a window that runs backwards',
			{ ...DATES, endDate: '2025-05-31' },
			"'End Date' is before 'Start Date'",
		],
		['appointment', 'no end', { ...DATES, endDate: '={{ null }}' }, "'End Date' is empty"],
		[
			'appointment',
			'6 days of one provider',
			{ ...PROVIDERS, providerIds: ['118'], endDate: '2025-06-07' },
			"'End Date' is more than 5 days after 'Start Date'",
		],
		[
			'appointment',
			'2 days of two providers',
			{ ...PROVIDERS, providerIds: ['118', '204'], endDate: '2025-06-02' },
			"'End Date' must be the same day as 'Start Date' when there are several providers",
		],
		[
			'appointment',
			'11 providers',
			{ ...PROVIDERS, providerIds: [...TEN, '204'], endDate: '2025-06-01' },
			"'Provider Names or IDs' has more than 10 values",
		],
		[
			'appointment',
			'no provider',
			{ ...PROVIDERS, providerIds: '={{ [] }}', endDate: '2025-06-01' },
			"'Provider Names or IDs' is empty",
		],
		['appointment', 'no MRN', { searchBy: 'mrn', mrn: '={{ "" }}' }, "'Patient MRN' is empty"],
		[
			'appointment',
			'another kind of search',
			{
				...PROVIDERS,
				endDate: '2025-06-01',
				mrn: '804',
				providerIds: ['118'],
				searchBy: '={{ "everything" }}',
			},
			"'Search By' is not a valid option",
		],
		[
			'availability',
			'6 days of one provider',
			{ startDate: '2025-06-01', endDate: '2025-06-07', providerIds: ['118'] },
			"'End Date' is more than 5 days after 'Start Date'",
		],
		[
			'availability',
			'2 days of two providers',
			{ startDate: '2025-06-01', endDate: '2025-06-02', providerIds: ['118', '204'] },
			"'End Date' must be the same day as 'Start Date' when there are several providers",
		],
		[
			'availability',
			'11 providers',
			{ ...WINDOW, providerIds: [...TEN, '204'] },
			"'Provider Names or IDs' has more than 10 values",
		],
		[
			'availability',
			'a buffer of an hour',
			{ ...WINDOW, providerIds: ['118'], options: { buffer: 60 } },
			"'Buffer (Minutes)' is not a number from 0 to 59",
		],
		[
			'availability',
			'a limit of nothing',
			{ ...WINDOW, providerIds: ['118'], options: { dailyAppointmentLimit: 0 } },
			"'Daily Appointment Limit' is not a number from 1 to 1000",
		],
		[
			'availability',
			'a limit for no type',
			{ ...WINDOW, providerIds: ['118'], options: { dailyAppointmentLimit: 8 } },
			"'Daily Appointment Limit' needs 'Daily Limit Type'",
		],
		[
			'availability',
			'a type without a limit',
			{ ...WINDOW, providerIds: ['118'], options: { dailyLimitType: 'follow_up' } },
			"'Daily Limit Type' needs 'Daily Appointment Limit'",
		],
		[
			'availability',
			'half a minute',
			{ ...WINDOW, providerIds: ['118'], options: { buffer: 0.5 } },
			"'Buffer (Minutes)' is not a whole number",
		],
		[
			'patient',
			'no name',
			{ searchBy: 'name', firstName: ' ' },
			"'First Name' or 'Last Name' is required",
		],
		['patient', 'no phone', { searchBy: 'phone', phone: '={{ "" }}' }, "'Phone' is empty"],
		[
			'patient',
			'a phone number from abroad',
			{ searchBy: 'phone', phone: '+49 30 1234567' },
			"'Phone' is not a 10-digit phone number",
		],
		['patient', 'no date', { searchBy: 'dob', dob: '={{ null }}' }, "'Date of Birth' is empty"],
		[
			'patient',
			'something else to bring along',
			{ searchBy: 'mrn', mrn: '1', additionalFields: { include: '={{ ["labs"] }}' } },
			"'Include' is not a valid option",
		],
	])('refuses before any request: %s: %s', async (resource, _, parameters, message) => {
		const cobalt = await cobaltForTest();
		const { error } = await runOperation(cobalt, `${resource}.fetchLive`, { parameters });
		expect(error?.message).toBe(`${message} [item 0]`);
		expect(cobalt.world.requests()).toEqual([]);
	});
});

it('quotes Cobalt when the EHR has no live fetch', async () => {
	const cobalt = await cobaltForTest();
	cobalt.world.settings.emr = 'Practice Fusion';
	const parameters = { searchBy: 'mrn', mrn: '804' };
	const { error } = await runOperation(cobalt, 'appointment.fetchLive', { parameters });
	expect(error?.message).toContain('not supported for Practice Fusion');
});

describe('a live fetch without a response', () => {
	const parameters = {
		resource: 'patient',
		operation: 'fetchLive',
		searchBy: '={{ "MRN" }}',
		mrn: '44235',
	};

	it.each(['drop', 'dropAfterAccept'] as const)('repeats a live fetch after a %s', async (kind) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind, path: '/patients/fetch' });
		const ended = await run(cobalt, { parameters, items: [{}] });
		expect(ended.json()).toEqual([
			expect.objectContaining({ job_status: 'completed', patient_count: 1 }),
		]);
		expect(cobalt.world.requests({ path: '/patients/fetch' })).toHaveLength(2);
	});

	it('says that a live fetch failed, not that its outcome is unknown', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status: 503, path: '/patients/fetch', times: 9 });
		const { error } = await run(cobalt, { parameters, items: [{}] });
		expect(error?.message).toContain('did not complete: Cobalt could not process the request');
		expect(cobalt.world.requests({ path: '/patients/fetch' })).toHaveLength(4);
	});
});
