import { expect, it } from 'vitest';

import { appointmentTime } from '../../../nodes/Cobalt/parsers/appointmentTime.js';
import { expectRefused } from '../../shared/parsers/reading.mts';

const context = { timezone: 'America/New_York' };

it('appointmentTime reads a date and time', () => {
	expect(appointmentTime('2025-03-15 2:00 PM', context)).toBe('2025-03-15T14:00:00-04:00');
	expect(appointmentTime('', context)).toBeUndefined();
});

it('appointmentTime refuses a year that is mistyped', () => {
	expect(expectRefused(appointmentTime, '2205-03-15 2:00 PM')).toBe('is after 2100');
});

it.each([
	['a time in a spreadsheet, without its date', '1899-12-30 14:00'],
	['seconds that were read as milliseconds', new Date(1_751_378_400)],
])('appointmentTime refuses %s', (_, value) => {
	expect(expectRefused(appointmentTime, value)).toBe('is before 2000');
});
