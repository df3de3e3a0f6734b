import { describe, expect, it } from 'vitest';

import {
	locatorQuery,
	locatorSegments,
	locatorValue,
} from '../../../nodes/Cobalt/parsers/resourceLocator.js';
import { RecordQuery } from '../../../nodes/shared/pagination/findRecord.js';
import { id as readId } from '../../../nodes/shared/parsers/id.js';
import { wholeNumber } from '../../../nodes/shared/parsers/number.js';
import { expectRefused, NOTHING } from '../../shared/parsers/reading.mts';

const context = { timezone: 'UTC' };

const id = locatorValue(readId);

const segments = locatorSegments(readId, { ehrId: 'ehr' });

const QUERIES = {
	mrn: { filter: 'mrn', label: 'MRN' },
	ehrId: { filter: 'ehr_id', label: 'EHR ID' },
};

const query = locatorQuery(readId, QUERIES);

const locator = (mode: unknown, value: unknown) => ({ __rl: true, mode, value });

describe.each([
	['locatorValue', id],
	['locatorSegments', segments],
	['locatorQuery', query],
] as const)('%s in all modes', (_, reader) => {
	it.each(NOTHING)('returns undefined when nothing is picked or entered: %j', (nothing) => {
		expect(reader(nothing, context)).toBeUndefined();
		expect(reader(locator('list', nothing), context)).toBeUndefined();
		expect(reader(locator('ehrId', nothing), context)).toBeUndefined();
	});

	it.each([
		['an object without a value', {}],
		['an object with a mode only', { mode: 'list' }],
		['an object that hides its value', JSON.parse('{"__proto__": {"value": "7"}}') as unknown],
		['a Date', new Date(0)],
		['an array', ['7']],
		['a flag', true],
		['a locator in a locator', locator('list', locator('list', '7'))],
		['a line break', locator('id', 'a\nb')],
		['10,000 letters', locator('id', 'x'.repeat(10_000))],
	])('refuses a resource locator that is or has %s', (_name, value) => {
		expectRefused(reader, value);
	});
});

describe('locatorValue', () => {
	it.each([
		[locator('list', '118'), '118'],
		[locator('id', ' 118 '), '118'],
		[locator('list', 118), '118'],
		[{ value: '118' }, '118'],
		['118', '118'],
		[118, '118'],
		[locator('id', '😀 فاطمة ../'), '😀 فاطمة ../'],
	])('reads the ID of a resource locator: %j', (value, expected) => {
		expect(id(value, context)).toBe(expected);
	});

	it('reads the value with the parser of the field', () => {
		const number = locatorValue(wholeNumber(1, 9));
		expect(number(locator('id', '7'), context)).toBe(7);
		expectRefused(number, locator('id', '10'));
	});
});

describe('locatorSegments', () => {
	it.each<[unknown, string[]]>([
		[locator('list', 'a1'), ['a1']],
		[locator('id', 'a1'), ['a1']],
		[locator('ehrId', ' 118 '), ['ehr', '118']],
		[locator('ehrId', 118), ['ehr', '118']],
		['a1', ['a1']],
		[118, ['118']],
		[{ value: 'a1' }, ['a1']],
		[locator(null, 'a1'), ['a1']],
		[locator({}, 'a1'), ['a1']],
		[locator('EHRID', 'a1'), ['a1']],
		[locator('ehrId', 'a/../b'), ['ehr', 'a/../b']],
	])('reads the path segments for the mode of a locator: %j', (value, expected) => {
		expect(segments(value, context)).toEqual(expected);
	});

	it.each(['toString', 'constructor', '__proto__'])(
		'puts nothing before the ID in an unknown mode: %s',
		(mode) => {
			expect(segments(locator(mode, 'a1'), context)).toEqual(['a1']);
		},
	);

	it.each(['.', '..', locator('list', '..'), locator('ehrId', '.')])(
		'refuses an ID that a path cannot hold: %j',
		(value) => {
			expectRefused(segments, value);
		},
	);
});

describe('locatorQuery', () => {
	it.each<[unknown, RecordQuery]>([
		[locator('mrn', ' 44235 '), new RecordQuery('mrn', '44235', 'MRN')],
		[locator('mrn', 44235), new RecordQuery('mrn', '44235', 'MRN')],
		[locator('ehrId', '90210'), new RecordQuery('ehr_id', '90210', 'EHR ID')],
	])('reads a query for the mode of a locator: %j', (value, expected) => {
		expect(query(value, context)).toEqual(expected);
		expect(query(value, context)).toBeInstanceOf(RecordQuery);
	});

	it.each([locator('id', 'a1'), locator('MRN', 'a1'), locator(null, 'a1'), { value: 'a1' }, 'a1'])(
		'reads the bare ID in a mode without a query: %j',
		(value) => {
			expect(query(value, context)).toBe('a1');
		},
	);

	it.each(['toString', 'constructor', '__proto__'])(
		'reads the bare ID in an unknown mode: %s',
		(mode) => {
			expect(query(locator(mode, 'a1'), context)).toBe('a1');
		},
	);

	it('takes a value without a mode, which an expression returned, for one in the initial mode', () => {
		const initial = locatorQuery(readId, QUERIES, 'mrn');
		expect(initial('44235', context)).toEqual(new RecordQuery('mrn', '44235', 'MRN'));
		expect(initial(44235, context)).toEqual(new RecordQuery('mrn', '44235', 'MRN'));
		expect(initial(locator('ehrId', '7'), context)).toEqual(
			new RecordQuery('ehr_id', '7', 'EHR ID'),
		);
		expect(initial(locator('id', 'a1'), context)).toBe('a1');
	});
});
