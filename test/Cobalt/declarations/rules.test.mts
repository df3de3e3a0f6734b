import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
	mutuallyExclusive,
	atLeastOneOf,
	startBeforeEnd,
	requires,
	when,
	providerDateWindow,
	withinDays,
	type Rule,
	type Values,
} from '../../../nodes/Cobalt/declarations/rules.js';

const LABELS: Record<string, string> = {
	start_date: 'Start Date',
	end_date: 'End Date',
	insurance_provider_id: 'Insurance Provider',
	insurance_name: 'Insurance Name',
	insurance_payer_id: 'Payer ID',
};

/** What a rule finds, as a user reads it; undefined where it finds nothing. */
function finding(rule: Rule, values: Values): string | undefined {
	const found = rule(values, (key) => LABELS[key] ?? key);
	if (found === undefined) return undefined;
	expect(found.finding.advice).not.toBe('');
	return `'${LABELS[found.key] ?? found.key}' ${found.finding.message}`;
}

/** Values that count as entered although they look like nothing. */
const PRESENT: unknown[] = ['x', '', 0, false, null, []];

describe('mutuallyExclusive', () => {
	const rule = mutuallyExclusive('insurance_provider_id', 'insurance_name');

	it.each<Values>([
		{},
		{ insurance_provider_id: 'i1' },
		{ insurance_name: 'Aetna' },
		{ insurance_provider_id: undefined, insurance_name: 'Aetna', mrn: '44235' },
	])('accepts one of two exclusive fields: %j', (values) => {
		expect(finding(rule, values)).toBeUndefined();
	});

	it.each(PRESENT)('refuses two exclusive fields: %j', (value) => {
		expect(finding(rule, { insurance_provider_id: value, insurance_name: 'Aetna' })).toBe(
			"'Insurance Provider' cannot be combined with 'Insurance Name'",
		);
	});
});

describe('atLeastOneOf', () => {
	const rule = atLeastOneOf('insurance_provider_id', 'insurance_name', 'insurance_payer_id');

	it.each<Values>([
		{ insurance_provider_id: 'i1' },
		{ insurance_name: '' },
		{ insurance_payer_id: false },
		{ insurance_provider_id: 'i1', insurance_name: 'Aetna', insurance_payer_id: 1 },
	])('accepts one field of several: %j', (values) => {
		expect(finding(rule, values)).toBeUndefined();
	});

	it.each<Values>([
		{},
		{ mrn: '44235' },
		{ insurance_provider_id: undefined, insurance_name: undefined },
	])('refuses none of several fields: %j', (values) => {
		expect(finding(rule, values)).toBe(
			"'Insurance Provider' or 'Insurance Name' or 'Payer ID' is required",
		);
	});

	it('names both fields when one of two is needed', () => {
		expect(finding(atLeastOneOf('insurance_provider_id', 'insurance_name'), {})).toBe(
			"'Insurance Provider' or 'Insurance Name' is required",
		);
	});
});

describe('requires', () => {
	const rule = requires('insurance_payer_id', 'insurance_name');

	it.each<Values>([
		{},
		{ insurance_name: 'Aetna' },
		{ insurance_name: 'Aetna', insurance_payer_id: '60054' },
	])('accepts a field with the one that it needs, and neither: %j', (values) => {
		expect(finding(rule, values)).toBeUndefined();
	});

	it.each(PRESENT)('refuses a field without the one that it needs: %j', (value) => {
		expect(finding(rule, { insurance_payer_id: value })).toBe("'Payer ID' needs 'Insurance Name'");
	});
});

describe('a window of dates', () => {
	it.each<[unknown, unknown]>([
		['2025-03-15', '2025-03-15'],
		['2025-03-15', '2025-03-16'],
		['2024-12-31', '2025-01-01'],
		['2025-03-15', '2035-03-15'],
		['2025-03-15T23:00:00-05:00', '2025-03-15T01:00:00-05:00'],
		['2025-03-15', undefined],
		[undefined, '2025-03-15'],
		[undefined, undefined],
		[null, '2025-03-15'],
		[20250316, 20250315],
	])('accepts a window from %j to %j', (start_date, end_date) => {
		expect(finding(startBeforeEnd, { start_date, end_date })).toBeUndefined();
	});

	it.each([
		['2025-03-16', '2025-03-15'],
		['2025-01-01', '2024-12-31'],
		['2025-03-16T00:30:00+14:00', '2025-03-15T23:30:00-11:00'],
	])('refuses a window that ends before it starts: %s to %s', (start_date, end_date) => {
		expect(finding(startBeforeEnd, { start_date, end_date })).toBe(
			"'End Date' is before 'Start Date'",
		);
	});

	it.each([
		['2025-03-15', '2025-03-15'],
		['2025-03-01', '2025-03-08'],
		['2025-03-05', '2025-03-12'],
		['2024-02-25', '2024-03-03'],
		['2025-10-28', '2025-11-04'],
		['2025-03-15', undefined],
		['2025-03-15', '2020-01-01'],
	])('accepts an end up to seven days after the start: %s to %s', (start_date, end_date) => {
		expect(finding(withinDays(7), { start_date, end_date })).toBeUndefined();
	});

	it.each([
		['2025-03-01', '2025-03-09'],
		['2025-03-05', '2025-03-13'],
		['2024-02-25', '2024-03-04'],
		['2025-10-28', '2025-11-05'],
		['2025-12-28', '2026-01-05'],
	])('refuses an end eight days after the start: %s to %s', (start_date, end_date) => {
		expect(finding(withinDays(7), { start_date, end_date })).toBe(
			"'End Date' is more than 7 days after 'Start Date'",
		);
	});

	it('measures a window in calendar days', () => {
		const start = fc.integer({ min: 0, max: 40_000 });
		fc.assert(
			fc.property(start, fc.integer({ min: -20, max: 20 }), fc.nat(10), (from, length, most) => {
				const dayOf = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);
				const values = { start_date: dayOf(from), end_date: dayOf(from + length) };
				expect(finding(startBeforeEnd, values) !== undefined).toBe(length < 0);
				expect(finding(withinDays(most), values) !== undefined).toBe(length > most);
			}),
		);
	});
});

describe('providerDateWindow', () => {
	const window = (provider_ids: unknown, days: number): Values => ({
		provider_ids,
		start_date: '2025-03-08',
		end_date: `2025-03-${String(8 + days).padStart(2, '0')}`,
	});

	it.each<[unknown, number]>([
		[['118'], 0],
		[['118'], 5],
		[[], 5],
		[undefined, 5],
		['118', 5],
		[['118', '7'], 0],
		[Array.from({ length: 10 }, (_, index) => String(index)), 0],
	])('accepts a window for providers: %j, %i days', (providers, days) => {
		expect(finding(providerDateWindow, window(providers, days))).toBeUndefined();
	});

	it('refuses more than five days after the start for one provider', () => {
		expect(finding(providerDateWindow, window(['118'], 6))).toBe(
			"'End Date' is more than 5 days after 'Start Date'",
		);
	});

	it.each([1, 5, 6])('refuses %i more days for several providers', (days) => {
		expect(finding(providerDateWindow, window(['118', '7'], days))).toBe(
			"'End Date' must be the same day as 'Start Date' when there are several providers",
		);
	});
});

describe('a rule for one case', () => {
	const rule = when('search_by', 'name', atLeastOneOf('first_name', 'last_name'));

	it('applies a rule in its case', () => {
		expect(finding(rule, { search_by: 'name' })).toBe("'first_name' or 'last_name' is required");
		expect(finding(rule, { search_by: 'name', last_name: 'Smith' })).toBeUndefined();
	});

	it.each([undefined, null, '', 'mrn', 'Name', ['name']])('skips other cases: %j', (search_by) => {
		expect(finding(rule, { search_by })).toBeUndefined();
	});
});
