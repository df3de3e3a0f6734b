import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { patientUpdated, play, polling, emittedIds } from '../../CobaltTrigger/setup.mts';
import { bookings, cobaltForTest, CREATE, run } from '../setup.mts';

const PATIENT = {
	resource: 'patient',
	operation: 'create',
	firstName: 'Ada',
	lastName: 'Byron',
	options: { checkRequiredFields: false },
};

const INSURANCE = {
	resource: 'patientInsurance',
	operation: 'create',
	patientMrn: '44235',
	memberId: 'W1',
	insuranceProviderId: 'x',
};

// America/New_York is what the engine of the tests, as n8n by default, is set to.
describe('a time without an offset', () => {
	it.each(['DEFAULT', 'default', ''])(
		"reads a time in n8n's own timezone when the workflow's timezone is %j",
		async (timezone) => {
			const cobalt = await cobaltForTest();
			const items = [{ ...bookings(1)[0], datetime: '2025-07-01 2:00 PM' }];
			await run(cobalt, { items, timezone });
			expect(cobalt.world.requests({ method: 'POST' })[0]?.body).toMatchObject({
				datetime: '2025-07-01T14:00:00-04:00',
			});
		},
	);

	it("refuses a time when the workflow's timezone does not exist, and names it", async () => {
		const cobalt = await cobaltForTest();
		const items = [{ ...bookings(1)[0], datetime: '2025-07-01 2:00 PM' }];
		const { error } = await run(cobalt, { items, timezone: 'Mars/Olympus' });
		expect(error?.message).toBe(
			"'Date and Time' is a time in the workflow's timezone, which is not valid [item 0]",
		);
		expect(error?.description).toContain("'Mars/Olympus'");
		expect(cobalt.world.requests()).toEqual([]);
	});

	it.each([
		['DEFAULT', ['e2']],
		['Europe/Berlin', ['e1', 'e2']],
	])('starts the trigger in the timezone %s', async (timezone, emitted) => {
		await play(
			async (scene) => {
				scene.cobalt.world.addEvent({ ...patientUpdated('e1'), created: '2025-03-10T14:00:00Z' });
				scene.cobalt.world.addEvent({ ...patientUpdated('e2'), created: '2025-03-10T15:02:00Z' });
				const file = polling({ options: { startFrom: '2025-03-10T11:02:00' } });
				await scene.host.activate({ ...file, settings: { ...file.settings, timezone } });
				await scene.host.runFor(2);
				expect(emittedIds(scene)).toEqual(emitted);
			},
			{ now: '2025-03-10T15:10:00Z' },
		);
	});
});

const EXCEL = "={{ (29358).toDateTime('excel') }}";

const births: Array<[string, INodeParameters, string]> = [
	['a field of the form', { ...PATIENT, dob: EXCEL }, 'dob'],
	[
		'an optional field',
		{ ...INSURANCE, additionalFields: { subscriberDemographicsDob: EXCEL } },
		'subscriber_demographics.dob',
	],
];

describe.each(births)("a spreadsheet's date in %s", (_, parameters, key) => {
	it.each(['America/Los_Angeles', 'America/New_York', 'UTC', 'Asia/Tokyo'])(
		"sends the day that a spreadsheet's cell shows, in %s",
		async (timezone) => {
			const cobalt = await cobaltForTest();
			await run(cobalt, { parameters, timezone });
			const { body } = cobalt.world.requests({ method: 'POST' })[0] ?? {};
			expect(body).toHaveProperty(key, '1980-05-17');
		},
	);
});

it.each([
	[
		"={{ Number('45823.5833').toDateTime('excel').toUTC().plus({ seconds: 30 }).toFormat('yyyy-MM-dd HH:mm') }}",
	],
])("sends the time that a spreadsheet's cell shows, as advised: %s", async (datetime) => {
	const cobalt = await cobaltForTest();
	await run(cobalt, { parameters: { ...CREATE, datetime } });
	expect(cobalt.world.requests({ method: 'POST' })[0]?.body).toMatchObject({
		datetime: '2025-06-15T14:00:00-04:00',
	});
});
