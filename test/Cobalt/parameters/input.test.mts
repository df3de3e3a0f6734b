import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { bookings, cobaltForTest, CREATE, run } from '../setup.mts';

const PATIENT = {
	resource: 'patient',
	operation: 'create',
	firstName: 'Ada',
	lastName: 'Byron',
	dob: '1985-12-10',
};

const UPDATE = { resource: 'appointment', operation: 'update', appointmentId: 'abc' };

const JOB = { resource: 'job', operation: 'getResult', jobId: '1' };

const LIST = { resource: 'provider', operation: 'getAll' };

const PAYMENT = {
	...{ resource: 'payment', operation: 'create', patientMrn: '44235', paymentMethod: 'Card' },
	...{ referenceNumber: 'ch_1', location: '2', amount: 25 },
};

const TIMES = { resource: 'availability', operation: 'getAll', startDate: '2025-06-02' };

const DOWNLOAD = { resource: 'document', operation: 'download', documentId: 'abc' };

/** What is wrong with the parameters, and what the message must say before any request is made. */
const refusals: Array<[string, INodeParameters, string]> = [
	['an empty MRN', { ...CREATE, mrn: '={{ "" }}' }, "'Patient MRN' is empty"],
	['a blank MRN', { ...CREATE, mrn: '  ' }, "'Patient MRN' is empty"],
	['an MRN that is a list', { ...CREATE, mrn: '={{ [1, 2] }}' }, "'Patient MRN' is not text"],
	['a line break in an id', { ...CREATE, provider: '1\n2' }, "'Provider' has a line break"],
	[
		'an expression for a field that the item lacks',
		{ ...CREATE, type: '={{ $json.nope }}' },
		"'Visit Type' is empty",
	],
	['10,000 characters', { ...CREATE, location: 'x'.repeat(10_000) }, "'Location' is longer"],
	['no date', { ...CREATE, datetime: '={{ null }}' }, "'Date and Time' is empty"],
	[
		'30 February',
		{ ...CREATE, datetime: '2025-02-30T10:00' },
		"'Date and Time' has a date that does not exist",
	],
	['a date without a time', { ...CREATE, datetime: '2025-03-15' }, "'Date and Time' has no time"],
	[
		'25 hours',
		{ ...CREATE, datetime: '2025-03-15 25:00' },
		"'Date and Time' has a time that does not exist",
	],
	[
		'a gap in the clock',
		{ ...CREATE, datetime: '2025-03-09T02:30:00' },
		"'Date and Time' does not exist in America/New_York",
	],
	[
		'words for a date',
		{ ...CREATE, datetime: 'tomorrow' },
		"'Date and Time' is not a date and time",
	],
	[
		'a number for a date',
		{ ...CREATE, datetime: '={{ 45000 }}' },
		"'Date and Time' is not a date and time",
	],
	[
		'half a minute',
		{ ...CREATE, additionalFields: { duration: 0.5 } },
		"'Duration (Minutes)' is not a number",
	],
	[
		'words for minutes',
		{ ...CREATE, additionalFields: { duration: '={{ "long" }}' } },
		"'Duration (Minutes)' is not a number",
	],
	[
		'maybe',
		{ ...CREATE, additionalFields: { newPatient: '={{ "maybe" }}' } },
		"'New Patient' is not true or false",
	],
	[
		'an unknown sex',
		{ ...PATIENT, additionalFields: { sex: '={{ "f" }}' } },
		"'Sex' is not a valid option",
	],
	[
		'an impossible birthday',
		{ ...PATIENT, dob: '1985-13-01' },
		"'Date of Birth' has a date that does not exist",
	],
	[
		'an American date',
		{ ...PATIENT, dob: '12/10/1985' },
		"'Date of Birth' has to begin with the year",
	],
	[
		'somebody else who pays, without a name',
		{ ...PATIENT, additionalFields: { responsibleParty: 'parent' } },
		"'Responsible Party' needs 'Responsible Party First Name'",
	],
	[
		'a parent who pays, without a last name',
		{
			...PATIENT,
			additionalFields: { responsibleParty: 'parent', responsiblePartyFirstName: 'Omar' },
		},
		"'Responsible Party' needs 'Responsible Party Last Name'",
	],
	[
		'an unknown responsible party',
		{ ...PATIENT, additionalFields: { responsibleParty: '={{ "neighbor" }}' } },
		"'Responsible Party' is not a valid option",
	],
	[
		'an email without a host',
		{ ...PATIENT, additionalFields: { email: 'ada@' } },
		"'Email' is not an email address",
	],
	[
		'a short phone number',
		{ ...PATIENT, additionalFields: { phone: '555-1234' } },
		"'Phone' is not a 10-digit phone number",
	],
	[
		'a name that is an object',
		{ ...PATIENT, firstName: '={{ ({ a: 1 }) }}' },
		"'First Name' is not text",
	],
	['nothing to update', UPDATE, "'Update Fields' is empty"],
	[
		'only empty fields to update',
		{ ...UPDATE, updateFields: { note: '' } },
		"'Update Fields' is empty",
	],
	[
		'an id of dots',
		{ ...UPDATE, appointmentId: '..', updateFields: { note: 'x' } },
		"'Appointment ID' is not an ID",
	],
	['no job', { ...JOB, jobId: '={{ $json.nope }}' }, "'Job ID' is empty"],
	[
		'no time to wait',
		{ ...CREATE, options: { timeout: 0 } },
		"'Timeout (Seconds)' is not a number",
	],
	[
		'an endless wait',
		{ ...CREATE, options: { timeout: 1e9 } },
		"'Timeout (Seconds)' is not a number",
	],
	[
		'a hasty poll',
		{ ...CREATE, options: { pollInterval: 0.2 } },
		"'Poll Interval (Seconds)' is not a number",
	],
	[
		'maybe for the wait',
		{ ...CREATE, waitForResult: '={{ "maybe" }}' },
		"'Wait for Result' is not true or false",
	],
	[
		'an unknown choice',
		{ ...CREATE, options: { onTimeout: '={{ "wait" }}' } },
		"'On Timeout' is not a valid option",
	],
	['no records', { ...LIST, limit: 0 }, "'Limit' is not a number"],
	['half a record', { ...LIST, limit: 1.5 }, "'Limit' is not a whole number"],
	['maybe all', { ...LIST, returnAll: '={{ "maybe" }}' }, "'Return All' is not true or false"],
	['an unknown output', { ...LIST, output: '={{ "maybe" }}' }, "'Output' is not a valid option"],
	[
		'no field to output',
		{ ...LIST, output: 'selectedFields', outputFields: [] },
		"'Fields to Output' is empty",
	],
	[
		'an unknown field to output',
		{ ...LIST, output: 'selectedFields', outputFields: ['={{ "shoe_size" }}'] },
		"'Fields to Output' is not a valid option",
	],
	[
		'a line break in the name of the output',
		{ ...DOWNLOAD, binaryPropertyName: 'a\nb' },
		"'Put Output File in Field' has a line break",
	],
	...(['1899-12-31', '1970-01-01', '2205-03-15'] as const).map(
		(depositDate): [string, INodeParameters, string] => [
			`a payment of ${depositDate}`,
			{ ...PAYMENT, additionalFields: { depositDate } },
			`'Deposit Date' is ${depositDate > '2000' ? 'after 2100' : 'before 2000'}`,
		],
	),
	[
		'a filter of 1899',
		{ ...TIMES, startDate: '1899-12-31', endDate: '2025-06-01' },
		"'Start Date' is before 1900",
	],
	[
		'a quote that is not closed',
		{ ...TIMES, endDate: '2025-06-02', filters: { providerIds: "={{ '\"118, 7' }}" } },
		"'Provider Names or IDs' has a double quote without its counterpart",
	],
	[
		'maybe for the check',
		{ ...PATIENT, options: { checkRequiredFields: '={{ "maybe" }}' } },
		"'Check Required Fields' is not true or false",
	],
];

describe('bad input', () => {
	it.each(refusals)('refuses before any request: %s', async (_, parameters, message) => {
		const cobalt = await cobaltForTest();
		const { error } = await run(cobalt, { parameters });
		expect(error?.message).toContain(message);
		expect(error?.message).toContain('[item 0]');
		expect(error?.description).toBeTruthy();
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('books none of the items when a later one is bad', async () => {
		const cobalt = await cobaltForTest();
		const items: IDataObject[] = [...bookings(4), { ...bookings(1)[0], mrn: '' }];
		const { error } = await run(cobalt, { items });
		expect(error?.message).toBe("'Patient MRN' is empty [item 4]");
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('books the good items when the node continues on failure', async () => {
		const cobalt = await cobaltForTest();
		const items: IDataObject[] = [{ ...bookings(1)[0], mrn: '' }, ...bookings(2)];
		const ended = await run(cobalt, { items, settings: { onError: 'continueErrorOutput' } });
		expect(ended.json('On Error')).toEqual([
			expect.objectContaining({
				error: "'Patient MRN' is empty [item 0]",
				details: expect.objectContaining({ job_status: 'not_submitted' }) as object,
			}),
		]);
		expect(cobalt.world.appointments()).toHaveLength(2);
	});
});

describe('Wait for Result by an expression', () => {
	it.each([
		['={{ "true" }}', 'completed'],
		['={{ true }}', 'completed'],
		['={{ null }}', 'completed'],
		['={{ "" }}', 'completed'],
		['={{ "false" }}', 'submitted'],
	])('reads Wait for Result from %s', async (waitForResult, status) => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, { parameters: { ...CREATE, waitForResult } });
		expect(ended.json()).toEqual([expect.objectContaining({ job_status: status })]);
	});

	it('reads Wait for Result for each item', async () => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, {
			parameters: { ...CREATE, waitForResult: '={{ $itemIndex === 1 }}' },
			items: bookings(3),
		});
		expect(ended.json().map(({ job_status }) => job_status)).toEqual([
			'submitted',
			'completed',
			'submitted',
		]);
	});
});

describe('dates and times in common forms', () => {
	it.each([
		['2025-06-02T09:00:00-05:00', '2025-06-02T09:00:00-05:00'],
		['2025-06-02T09:00:00.000Z', '2025-06-02T09:00:00+00:00'],
		['2025-06-02T09:00:00', '2025-06-02T09:00:00-04:00'],
		['2025-01-02 9:00 AM', '2025-01-02T09:00:00-05:00'],
		[
			'={{ DateTime.fromISO("2025-06-02T09:00", { zone: "Europe/Berlin" }) }}',
			'2025-06-02T09:00:00+02:00',
		],
		['={{ new Date(Date.UTC(2025, 5, 2, 13)) }}', '2025-06-02T09:00:00-04:00'],
		['={{ $json.date + " " + $json.time }}', '2025-06-02T14:30:00-04:00'],
	])('reads the date and time %s', async (datetime, sent) => {
		const cobalt = await cobaltForTest();
		const items = [{ ...bookings(1)[0], date: '2025-06-02', time: '2:30 pm' }];
		await run(cobalt, { parameters: { ...CREATE, datetime }, items });
		expect(cobalt.world.requests({ method: 'POST' })[0]?.body).toMatchObject({ datetime: sent });
	});

	it('reads a time without an offset in the timezone of the workflow', async () => {
		const cobalt = await cobaltForTest();
		const items = [{ ...bookings(1)[0], datetime: '2025-06-02T09:00:00' }];
		await run(cobalt, { items, timezone: 'America/Los_Angeles' });
		expect(cobalt.world.requests({ method: 'POST' })[0]?.body).toMatchObject({
			datetime: '2025-06-02T09:00:00-07:00',
		});
	});
});

it('accepts names in any script, and numbers as IDs', async () => {
	const cobalt = await cobaltForTest();
	await run(cobalt, {
		parameters: { ...PATIENT, firstName: 'عدا 🙂', additionalFields: { sex: 'FEMALE' } },
	});
	expect(cobalt.world.requests({ method: 'POST' })[0]?.body).toMatchObject({
		first_name: 'عدا 🙂',
		sex: 'female',
	});
	await run(cobalt, { items: [{ ...bookings(1)[0], mrn: 44235, provider: 118 }] });
	expect(cobalt.world.appointments({ patient_mrn: '44235' })).toHaveLength(1);
});
