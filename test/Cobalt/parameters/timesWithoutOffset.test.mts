import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { bookings, cobaltForTest, CREATE, run } from '../setup.mts';

const at = (datetime: string): IDataObject => ({ ...bookings(1)[0], datetime });

const IN_CLINICS_TIME: INodeParameters = { ...CREATE, options: { timesWithoutOffset: 'clinic' } };

const submitted = (cobalt: Cobalt) =>
	cobalt.world
		.requests({ method: 'POST', path: '/appointments' })
		.map(({ body }) => (body as IDataObject).datetime);

const settingsRead = (cobalt: Cobalt) => cobalt.world.requests({ path: '/settings' }).length;

async function bookedAt(
	datetime: string,
	{ clinic, timezone, options = {} }: { clinic: string; timezone: string; options?: IDataObject },
) {
	const cobalt = await cobaltForTest();
	cobalt.world.settings.timezone = clinic;
	const parameters = { ...CREATE, options } as INodeParameters;
	const ended = await run(cobalt, { items: [at(datetime)], parameters, timezone });
	const hints = ended.hints().map(({ message }) => message);
	return { submitted: submitted(cobalt), hints, error: ended.error };
}

// In 2025, clocks change on March 9 and November 2 in America, and on March 30 and October 26 in Europe.
describe("a time without an offset, in the clinic's timezone", () => {
	it.each([
		['America/New_York', '2025-03-08 14:00', '2025-03-08T14:00:00-05:00'],
		['America/New_York', '2025-03-09 2:00 PM', '2025-03-09T14:00:00-04:00'],
		['America/New_York', '2025-11-02 01:30', '2025-11-02T01:30:00-04:00'],
		['America/New_York', '2025-11-02 02:30', '2025-11-02T02:30:00-05:00'],
		['America/Phoenix', '2025-07-01T09:00', '2025-07-01T09:00:00-07:00'],
		// What the workflow's clocks skip exists at the clinic.
		['America/New_York', '2025-03-30 02:30', '2025-03-30T02:30:00-04:00'],
		['Pacific/Honolulu', '2025-03-30 02:30', '2025-03-30T02:30:00-10:00'],
	])('books in %s at %s', async (clinic, datetime, sent) => {
		const options = { timesWithoutOffset: 'clinic' };
		const booked = await bookedAt(datetime, { clinic, timezone: 'Europe/Berlin', options });
		expect(booked).toMatchObject({ submitted: [sent], hints: [] });
	});

	it('refuses an hour that the clinic skips, and names its timezone', async () => {
		const options = { timesWithoutOffset: 'clinic' };
		const where = { clinic: 'America/New_York', timezone: 'Europe/Berlin', options };
		const booked = await bookedAt('2025-03-09 02:30', where);
		expect(booked.submitted).toEqual([]);
		expect(booked.error?.message).toContain('does not exist in America/New_York');
	});

	it("leaves a time with an offset as it is, and does not read the account's settings for it", async () => {
		const cobalt = await cobaltForTest();
		await run(cobalt, { items: [at('2025-07-01T14:00:00+02:00')], parameters: IN_CLINICS_TIME });
		expect(submitted(cobalt)).toEqual(['2025-07-01T14:00:00+02:00']);
		expect(settingsRead(cobalt)).toBe(0);
	});

	it("reads the account's settings once for all items", async () => {
		const cobalt = await cobaltForTest();
		const items = [at('2025-07-01 14:00'), at('2025-07-02 14:00'), at('2025-07-03 14:00')];
		await run(cobalt, { items, parameters: IN_CLINICS_TIME, timezone: 'Asia/Tokyo' });
		expect(submitted(cobalt)).toEqual([1, 2, 3].map((day) => `2025-07-0${day}T14:00:00-04:00`));
		expect(settingsRead(cobalt)).toBe(1);
	});

	it('reads the time of an update as that of a new appointment', async () => {
		const cobalt = await cobaltForTest();
		const parameters = {
			resource: 'appointment',
			operation: 'update',
			appointmentId: 'x',
			updateFields: { datetime: '2025-07-01 14:00' },
			options: { timesWithoutOffset: 'clinic' },
		};
		await run(cobalt, { parameters, timezone: 'Asia/Tokyo' });
		const [request] = cobalt.world.requests({ method: 'PATCH' });
		expect(request?.body).toEqual({ datetime: '2025-07-01T14:00:00-04:00' });
	});

	it.each([
		['Cobalt names none', "Cobalt did not say what the clinic's timezone is", ''],
		['Cobalt names an unknown one', 'Cobalt did not say', 'Mars/Olympus'],
		['the settings cannot be read', "the clinic's timezone could not be read", undefined],
	])('submits nothing if %s', async (_, message, timezone) => {
		const cobalt = await cobaltForTest();
		if (timezone === undefined) {
			cobalt.faults.add({ kind: 'status', status: 500, path: '/settings', times: Infinity });
		} else cobalt.world.settings.timezone = timezone;
		const items = [at('2025-07-01 14:00'), at('2025-07-01T15:00:00-04:00')];
		const settings = { onError: 'continueErrorOutput' } as const;
		const ended = await run(cobalt, { items, parameters: IN_CLINICS_TIME, settings });
		expect(submitted(cobalt)).toEqual(['2025-07-01T15:00:00-04:00']);
		expect(ended.json('Cobalt', 1)[0]?.error).toMatch(
			new RegExp(`^'Date and Time' has no offset, and .*${message}`),
		);
	});
});

describe("a time without an offset, in the workflow's timezone", () => {
	it.each([
		['2025-07-01 14:00', 'Europe/Berlin', '2025-07-01T14:00:00+02:00'],
		// For three weeks in spring, both are an hour nearer.
		['2025-03-20 14:00', 'Europe/Berlin', '2025-03-20T14:00:00+01:00'],
	])(
		'says that %s was read in %s, and the clinic is elsewhere',
		async (entered, timezone, sent) => {
			const booked = await bookedAt(entered, { clinic: 'America/New_York', timezone });
			expect(booked.submitted).toEqual([sent]);
			expect(booked.hints).toEqual([
				expect.stringMatching(
					/read in Europe\/Berlin, and the clinic is in America\/New_York: 1 of 1/,
				),
			]);
		},
	);

	it.each([
		['the clocks are the same', '2025-07-01 14:00', 'America/Toronto'],
		['the time has an offset', '2025-07-01T14:00:00+02:00', 'Europe/Berlin'],
	])('says nothing if %s', async (_, entered, timezone) => {
		const booked = await bookedAt(entered, { clinic: 'America/New_York', timezone });
		expect(booked.submitted).toHaveLength(1);
		expect(booked.hints).toEqual([]);
	});

	it('says so only if the clocks differ at the time of the appointment', async () => {
		const where = { clinic: 'America/Phoenix', timezone: 'America/Denver' };
		const [winter, summer] = [
			await bookedAt('2025-12-01 14:00', where),
			await bookedAt('2025-07-01 14:00', where),
		];
		expect(winter.hints).toEqual([]);
		expect(summer.hints).toHaveLength(1);
	});
});

it('books what the advice for times of the US makes of them', async () => {
	const cobalt = await cobaltForTest();
	const items = [{ ...bookings(1)[0], date: '3/9/2025 2:30 PM' }];
	const refused = await run(cobalt, {
		items,
		parameters: { ...CREATE, datetime: '={{ $json.date }}' },
	});
	expect(refused.error?.message).toBe("'Date and Time' has to begin with the year [item 0]");
	expect(submitted(cobalt)).toEqual([]);
	const advised = /\{\{.*\}\}/.exec(refused.error?.description ?? '')?.[0] ?? '';
	await run(cobalt, { items, parameters: { ...CREATE, datetime: `=${advised}` } });
	expect(submitted(cobalt)).toEqual(['2025-03-09T14:30:00-04:00']);
});
