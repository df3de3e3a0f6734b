import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { birthDateAsOf } from '../../../nodes/Cobalt/parsers/birthDate.js';
import { expectRefused, NOTHING } from '../../shared/parsers/reading.mts';

const NOW = '2025-03-15T20:00:00Z';

const birthDate = birthDateAsOf(() => Date.parse(NOW));

const context = { timezone: 'America/New_York' };

describe('birthDate', () => {
	it.each([
		['1980-05-17', '1980-05-17'],
		['1880-01-01', '1880-01-01'],
		['2025-03-15', '2025-03-15'],
		['2025-03-16', '2025-03-16'],
		['1980-05-17T23:30:00-05:00', '1980-05-17'],
		[new Date('1980-05-17'), '1980-05-17'],
	])('reads a day on which a living person can be born: %j', (value, expected) => {
		expect(birthDate(value, context)).toBe(expected);
	});

	it.each([
		...['2025-03-17', '2030-05-17', '9999-12-31', '0980-05-17', '0080-05-17', '1879-12-31'],
		...[
			'80-05-17',
			'5/17/80',
			'05/17/80',
			'1980-13-17',
			'Invalid DateTime',
			'[object Object]',
			'null',
		],
		new Date('2030-05-17'),
	])('refuses an impossible birth date: %j', (value) => {
		expectRefused(birthDate, value);
	});

	it.each(NOTHING)('returns undefined when nothing is entered: %j', (nothing) => {
		expect(birthDate(nothing, context)).toBeUndefined();
	});

	it('accepts every day within its bounds, and no other', () => {
		fc.assert(
			fc.property(fc.date({ noInvalidDate: true }), (day) => {
				const text = day.toISOString().slice(0, 10);
				const isPossible = text >= '1880-01-01' && text <= '2025-03-16';
				if (isPossible) expect(birthDate(text, context)).toBe(text);
				else expectRefused(birthDate, text);
			}),
		);
	});
});
