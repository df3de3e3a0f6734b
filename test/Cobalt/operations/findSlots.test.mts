/** Slots of open times: what is looked for, what comes out, and that it can be booked. */
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { cobaltForTest, CREATE, run } from '../setup.mts';
import { writes } from './setup.mts';

const MONDAY = { startDate: '2025-06-02', endDate: '2025-06-02' };

async function find(cobalt: Cobalt, parameters: INodeParameters, now?: string) {
	const chosen = { resource: 'availability', operation: 'findSlots', duration: 30, ...MONDAY };
	return await run(cobalt, { parameters: { ...chosen, ...parameters }, items: [{}], now });
}

const starts = async (cobalt: Cobalt, parameters: INodeParameters, now?: string) =>
	(await find(cobalt, parameters, now)).json().map(({ start }) => start);

const OF_ONE = { filters: { providerIds: ['118'] } };

describe('Availability: Find Slots', () => {
	it('returns the first slots up to the limit, from one request', async () => {
		const cobalt = await cobaltForTest();
		expect(await starts(cobalt, { ...OF_ONE, limit: 3 })).toEqual([
			'2025-06-02T08:00:00-04:00',
			'2025-06-02T08:30:00-04:00',
			'2025-06-02T09:00:00-04:00',
		]);
		expect(cobalt.world.requests()).toHaveLength(1);
	});

	it('returns the slots of all providers in the order of time', async () => {
		const cobalt = await cobaltForTest();
		const slots = (await find(cobalt, { returnAll: true })).json();
		const times = slots.map(({ start }) => Date.parse(start as string));
		expect(times).toEqual([...times].sort((one, other) => one - other));
		expect(new Set(slots.map(({ provider_id }) => provider_id)).size).toBeGreaterThan(1);
	});

	it('returns only slots of the chosen days and hours', async () => {
		const cobalt = await cobaltForTest();
		const filters = { providerIds: ['118'], hoursFrom: '10:45', hoursTo: '11:45 am' };
		const wanted = { endDate: '2025-06-08', filters: { ...filters, weekdays: ['wednesday'] } };
		expect(await starts(cobalt, wanted)).toEqual(['2025-06-04T11:00:00-04:00']);
	});

	it('returns no slot in the past or within the notice', async () => {
		const cobalt = await cobaltForTest();
		const now = '2025-06-02T15:10:00Z';
		expect((await starts(cobalt, OF_ONE, now))[0]).toBe('2025-06-02T11:30:00-04:00');
		const options = { notice: 60 };
		expect((await starts(cobalt, { ...OF_ONE, options }, now))[0]).not.toMatch(/T1[01]:/);
	});

	it('returns slots that can be booked as they are, and that are gone afterwards', async () => {
		const cobalt = await cobaltForTest();
		const [slot] = (await find(cobalt, { ...OF_ONE, limit: 1 })).json();
		const booked = await run(cobalt, {
			parameters: {
				...CREATE,
				mrn: '44235',
				datetime: '={{ $json.start }}',
				provider: '={{ $json.provider_id }}',
				location: '={{ $json.facility_id }}',
				type: 'follow_up',
				additionalFields: { duration: '={{ $json.duration }}' },
			},
			items: slot ? [slot] : [],
		});
		expect(booked.json()).toEqual([expect.objectContaining({ job_status: 'completed' })]);
		expect(writes(cobalt)).toHaveLength(1);
		expect((await starts(cobalt, OF_ONE))[0]).toBe('2025-06-02T08:30:00-04:00');
	});
});

/** Cobalt lists these windows, which the fake never has. */
async function cobaltWith(windows: object[], timezone: string | null = 'America/New_York') {
	const cobalt = await cobaltForTest();
	const availability = windows.map((window) => ({ provider_id: '118', ...window }));
	const body = { success: true, results: { availability }, timezone };
	cobalt.faults.add({ kind: 'status', path: '/availability', status: 200, body, times: 100 });
	return cobalt;
}

const NINE = { range_start: '2025-06-02T09:00:00', range_end: '2025-06-02T10:00:00' };

const EIGHT_UTC = { range_start: '2025-06-02T08:00:00Z', range_end: '2025-06-02T08:30:00Z' };

describe('Availability: Find Slots with windows that are out of the ordinary', () => {
	it("reads windows without an offset in the clinic's timezone, whichever is chosen for the slots", async () => {
		const cobalt = await cobaltWith([NINE]);
		const options = { timezone: 'Europe/Berlin' };
		expect(await starts(cobalt, { options })).toEqual([
			'2025-06-02T15:00:00+02:00',
			'2025-06-02T15:30:00+02:00',
		]);
	});

	it('returns no slot before Start Date or after End Date', async () => {
		const long = {
			range_start: '2025-05-01T00:00:00-04:00',
			range_end: '9999-12-31T00:00:00-04:00',
		};
		const slots = await starts(await cobaltWith([long]), { duration: 720, returnAll: true });
		expect(slots).toEqual(['2025-06-02T00:00:00-04:00', '2025-06-02T12:00:00-04:00']);
	});

	it.each([
		[{ range_start: 'soon' }, 'America/New_York'],
		[{ range_end: null }, 'America/New_York'],
		[NINE, null],
	])('leaves out the window %j with timezone %j, and says so', async (window, timezone) => {
		const cobalt = await cobaltWith([EIGHT_UTC, { ...EIGHT_UTC, ...window }], timezone);
		const ended = await find(cobalt, { options: { timezone: 'UTC' } });
		expect(ended.json().map(({ start }) => start)).toEqual(['2025-06-02T08:00:00+00:00']);
		expect(ended.hints().map(({ message }) => message)).toEqual([
			'Slots may be missing: Cobalt does not clearly say when 1 of 2 open times are.',
		]);
	});

	it('fails if it is not clear when any of the windows is', async () => {
		const ended = await find(await cobaltWith([NINE], null), { options: { timezone: 'UTC' } });
		expect(ended.error?.message).toBe(
			"Availability: Find Slots did not complete: Cobalt's response does not contain the requested data [item 0]",
		);
	});
});

it.each<[INodeParameters, string]>([
	[{ duration: 0 }, "'Duration (Minutes)' is not a number from 1 to 1440"],
	[{ duration: '={{ "" }}' }, "'Duration (Minutes)' is empty"],
	[{ endDate: '2025-06-01' }, "'End Date' is before 'Start Date'"],
	[{ filters: { hoursFrom: '25:00' } }, "'Hours From' is not a time of day"],
	[
		{ filters: { hoursFrom: '17:00', hoursTo: '09:00' } },
		"'Hours To' leaves no time for 'Duration (Minutes)'",
	],
	[
		{ filters: { hoursFrom: '09:00', hoursTo: '09:29' } },
		"'Hours To' leaves no time for 'Duration (Minutes)'",
	],
	[{ filters: { hoursFrom: '23:45' } }, "'Hours From' leaves no time for 'Duration (Minutes)'"],
	[{ filters: { weekdays: [] } }, "'Days of Week' is empty, which would return all records"],
	[{ filters: { weekdays: '={{ "Funday" }}' } }, "'Days of Week' is not a valid option"],
	[{ options: { interval: 0 } }, "'Slot Interval (Minutes)' is not a number from 1 to 1440"],
	[{ options: { timezone: 'Mars' } }, "'Timezone' is not a timezone"],
])('Availability: Find Slots sends nothing when %j', async (parameters, message) => {
	const cobalt = await cobaltForTest();
	const ended = await find(cobalt, parameters);
	expect(ended.error?.message).toBe(`${message} [item 0]`);
	expect(cobalt.world.requests()).toEqual([]);
});
