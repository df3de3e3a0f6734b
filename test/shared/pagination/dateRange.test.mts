import fc from 'fast-check';
import { DateTime, FixedOffsetZone } from 'luxon';
import { describe, expect, it } from 'vitest';

import { daysAt } from '../../../nodes/shared/pagination/dateRange.js';

describe('daysAt', () => {
	it.each([
		['2025-03-10T12:00:00Z', '2025-03-10', '2025-03-11'],
		['2025-03-10T11:59:59.999Z', '2025-03-09', '2025-03-11'],
		['2025-03-10T10:00:00Z', '2025-03-09', '2025-03-11'],
		['2025-03-10T09:59:59.999Z', '2025-03-09', '2025-03-10'],
		['2025-03-10T00:00:00Z', '2025-03-09', '2025-03-10'],
		['2025-01-01T00:00:00+14:00', '2024-12-30', '2025-01-01'],
		['2024-12-31T23:59:59-12:00', '2024-12-31', '2025-01-02'],
		['2024-02-29T12:00:00-12:00', '2024-02-29', '2024-03-01'],
		['1970-01-01T00:00:00Z', '1969-12-31', '1970-01-01'],
	])('returns the days around %s', (timestamp, first, last) => {
		expect(daysAt(Date.parse(timestamp))).toEqual({ first, last });
	});

	/** Some at random, and those around midnight somewhere. */
	const timestamps = fc.oneof(
		fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map(Number),
		fc
			.tuple(fc.nat(40_000), fc.integer({ min: -48, max: 56 }), fc.integer({ min: -2, max: 2 }))
			.map(([day, quarters, ms]) => day * 86_400_000 - quarters * 900_000 + ms),
	);

	it('covers the day of a moment in every offset', () => {
		const offsets = fc.integer({ min: -12 * 60, max: 14 * 60 });
		fc.assert(
			fc.property(timestamps, offsets, (timestamp, offset) => {
				const { first, last } = daysAt(timestamp);
				const zone = FixedOffsetZone.instance(offset);
				const day = DateTime.fromMillis(timestamp, { zone }).toISODate() ?? '';
				expect(day >= first && day <= last).toBe(true);
			}),
			{ numRuns: 1_000 },
		);
	});

	it('covers the day of a moment in every timezone of today', () => {
		const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
		const recent = timestamps.filter((timestamp) => timestamp > Date.parse('2000-01-01'));
		fc.assert(
			fc.property(recent, zones, (timestamp, zone) => {
				const { first, last } = daysAt(timestamp);
				const day = DateTime.fromMillis(timestamp, { zone }).toISODate() ?? '';
				expect(day >= first && day <= last).toBe(true);
			}),
			{ numRuns: 1_000 },
		);
	});

	it('returns only days that it is somewhere at that moment', () => {
		fc.assert(
			fc.property(timestamps, (timestamp) => {
				expect(daysAt(timestamp)).toEqual({
					first: DateTime.fromMillis(timestamp, { zone: 'UTC-12' }).toISODate(),
					last: DateTime.fromMillis(timestamp, { zone: 'UTC+14' }).toISODate(),
				});
			}),
		);
	});
});
