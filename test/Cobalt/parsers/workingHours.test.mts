import { describe, expect, it } from 'vitest';

import { workingHours } from '../../../nodes/Cobalt/parsers/workingHours.js';
import { expectRefused, NOTHING } from '../../shared/parsers/reading.mts';

const context = { timezone: 'UTC' };

const MORNING = { start: 'T08:00:00', end: 'T12:00:00' };

const monday = (...shifts: unknown[]) => [{ day: 'Monday', shifts }];

describe('workingHours', () => {
	it.each([...NOTHING, 'null', '""'])('returns undefined if nothing is entered: %j', (nothing) => {
		expect(workingHours(nothing, context)).toBeUndefined();
	});

	it('accepts everything that Cobalt documents for working hours', () => {
		const week = [
			{
				day: 'Monday',
				shifts: [
					{
						...MORNING,
						facility_id: '2',
						set_start_date: '2025-03-01',
						set_end_date: '2025-12-31',
						set_recur: {
							rec_start_date: '2025-03-01',
							rec_end_date: '2025-12-31',
							recur_interval_type: 'days',
							recur_interval_amount: 14,
							recur_interval_description: 'Every 2 weeks',
						},
					},
					{ start: 'T13:00:00', end: 'T17:30:00' },
				],
			},
			{ day: 'Sunday', shifts: [] },
		];
		expect(workingHours(week, context)).toEqual(week);
		expect(workingHours(JSON.stringify(week), context)).toEqual(week);
	});

	it("writes working hours in Cobalt's words and formats", () => {
		const entered = [
			{
				day: ' monday ',
				shifts: [
					{
						start: '08:00',
						end: 'T12:30',
						facility_id: 2,
						set_start_date: '2025-03-01T00:00:00Z',
						set_end_date: '',
						set_recur: { recur_interval_type: 'DAYS', recur_interval_amount: '7' },
					},
				],
			},
		];
		expect(workingHours(entered, context)).toEqual([
			{
				day: 'Monday',
				shifts: [
					{
						start: 'T08:00:00',
						end: 'T12:30:00',
						facility_id: '2',
						set_start_date: '2025-03-01',
						set_recur: { recur_interval_type: 'days', recur_interval_amount: 7 },
					},
				],
			},
		]);
	});

	it.each([
		['00:00', 'T00:00:00'],
		['23:59:59', 'T23:59:59'],
		[' T19:05 ', 'T19:05:00'],
	])('reads the time of day %s', (start, expected) => {
		expect(workingHours(monday({ ...MORNING, start }), context)).toEqual(
			monday({ ...MORNING, start: expected }),
		);
	});

	it.each([
		'24:00',
		'12:60',
		'12:00:60',
		'8:00',
		'8',
		800,
		'8 AM',
		'08:00 PM',
		'T08:00:00Z',
		'2025-03-15T08:00:00',
		'٠٨:٠٠',
		'😀',
		'../',
		'08:00\n09:00',
		'x'.repeat(10_000),
		true,
		{},
	])('refuses the time of day %j', (start) => {
		const message = expectRefused(workingHours, monday({ ...MORNING, start }));
		expect(message).toMatch(/^has a 'shifts' that has a 'start' that /);
	});

	it.each<[string, unknown]>([
		['no JSON', '[{"day": "Monday", "shifts": []'],
		['text', 'Monday 8 to 12'],
		['one day outside of a list', { day: 'Monday', shifts: [MORNING] }],
		['an empty list', []],
		['an empty list in text', '[]'],
		['a list of nothing', '[null]'],
		['a list of blanks', ['', ' ']],
		['a number', 8],
		['a list of lists', [monday(MORNING)]],
		['no day', [{ shifts: [MORNING] }]],
		['no shifts', [{ day: 'Monday' }]],
		['a short name of a day', [{ day: 'Mon', shifts: [MORNING] }]],
		['a day by its number', [{ day: 1, shifts: [MORNING] }]],
		['a day by its date', [{ day: '2025-03-15', shifts: [MORNING] }]],
		['a shift outside of a list', [{ day: 'Monday', shifts: MORNING }]],
		['a shift without a start', monday({ end: '12:00' })],
		['a shift without an end', monday({ start: '08:00' })],
		['a shift in text', monday('08:00-12:00')],
		['the key of a response', monday({ ...MORNING, recurrence: {} })],
		['a date that does not exist', monday({ ...MORNING, set_start_date: '2025-02-29' })],
		['weeks', monday({ ...MORNING, set_recur: { recur_interval_type: 'weeks' } })],
		['no interval', monday({ ...MORNING, set_recur: { recur_interval_amount: 0 } })],
		['too long an interval', monday({ ...MORNING, set_recur: { recur_interval_amount: 367 } })],
		['half an interval', monday({ ...MORNING, set_recur: { recur_interval_amount: 1.5 } })],
		['an unknown field', '[{"day": "Monday", "shifts": [], "__proto__": {}}]'],
		['10,000 brackets', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
	])('refuses working hours with %s', (_, value) => {
		expectRefused(workingHours, value);
	});

	it('names the path to the field that is wrong', () => {
		const amount = { recur_interval_amount: 400 };
		expect(expectRefused(workingHours, monday(MORNING, { ...MORNING, set_recur: amount }))).toBe(
			"has a 'shifts' that has a 'set_recur' that has a 'recur_interval_amount' that is not a number from 1 to 366",
		);
	});
});
