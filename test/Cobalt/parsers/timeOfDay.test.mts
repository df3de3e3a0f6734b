import { expect, it } from 'vitest';

import { timeOfDay } from '../../../nodes/Cobalt/parsers/timeOfDay.js';

const context = { timezone: 'America/New_York' };

it.each([
	['00:00', 0],
	['9:00', 540],
	['09:00:00', 540],
	['17:30', 1050],
	['24:00', 1440],
	['9 am', 540],
	['12 AM', 0],
	['12:15 p.m.', 735],
	['5:30PM', 1050],
	[' 08:05 ', 485],
	['', undefined],
	[null, undefined],
])('reads %j', (entered, minute) => {
	expect(timeOfDay(entered, context)).toBe(minute);
});

it.each(['9', '24:01', '25:00', '9:60', '13 pm', '0 am', '09:00:30', 'noon', '9-5'])(
	'refuses %j',
	(entered) => {
		expect(() => timeOfDay(entered, context)).toThrow('is not a time of day');
	},
);
