import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { simplifyKeys } from '../../../nodes/shared/normalize/normalize.js';

const DRIFT = [
	['patient_mrn', 'mrn'],
	['date_time', 'datetime'],
	['appointment_datetime', 'datetime'],
	['date_of_birth', 'dob'],
	['patient_dob', 'dob'],
	['patient_sex', 'sex'],
	['patient_gender', 'sex'],
] as const;

describe.each(DRIFT)('the spelling %s', (spelling, name) => {
	it(`is renamed to ${name}`, () => {
		expect(simplifyKeys({ [spelling]: 'x' }, 'all')).toEqual({ [name]: 'x' });
		expect(simplifyKeys({ [spelling]: 'x' }, [name])).toEqual({ [name]: 'x' });
	});

	it(`does not replace ${name}`, () => {
		const record = { [name]: 'known', [spelling]: 'other' };
		expect(simplifyKeys(record, 'all')).toEqual(record);
		expect(simplifyKeys(record, [name])).toEqual({ [name]: 'known' });
	});

	it(`replaces ${name} when that is null`, () => {
		const record = { [name]: null, [spelling]: 'x' };
		expect(simplifyKeys(record, [name])).toEqual({ [name]: 'x' });
	});

	it(`does not replace ${name} with null`, () => {
		expect(simplifyKeys({ [spelling]: null, [name]: 'x' }, [name])).toEqual({ [name]: 'x' });
	});

	it(`stays null as ${name} when no other value is known`, () => {
		expect(simplifyKeys({ [spelling]: null }, 'all')).toEqual({ [name]: null });
		expect(simplifyKeys({ [spelling]: null }, [name])).toEqual({ [name]: null });
	});
});

describe('all fields', () => {
	it('keeps the order and the values of all fields', () => {
		const record = { id: 1, patient_mrn: 44235, note: '', flag: false, hours: [{ day: 'Monday' }] };
		const simple = simplifyKeys(record, 'all');
		expect(simple).toEqual({
			id: 1,
			mrn: 44235,
			note: '',
			flag: false,
			hours: [{ day: 'Monday' }],
		});
		expect(Object.keys(simple)).toEqual(['id', 'mrn', 'note', 'flag', 'hours']);
	});

	it('renames fields at every depth', () => {
		const record = { patient: { patient_mrn: '44235' }, visits: [{ date_time: 'x' }] };
		const respelled = { patient: { mrn: '44235' }, visits: [{ datetime: 'x' }] };
		expect(simplifyKeys(record, 'all')).toEqual(respelled);
		expect(simplifyKeys(record, ['visits'])).toEqual({ visits: respelled.visits });
	});

	it.each([
		[{ date_of_birth: '1980-05-17', patient_dob: null }, { dob: '1980-05-17' }],
		[{ date_of_birth: null, patient_dob: '1980-05-17' }, { dob: '1980-05-17' }],
		[{ patient_sex: 'female', patient_gender: null }, { sex: 'female' }],
		[{ date_time: '2025-03-15', appointment_datetime: null }, { datetime: '2025-03-15' }],
		[{ mrn: null, patient_mrn: '44235' }, { mrn: '44235' }],
	])('keeps the value when another spelling is null: %j', (record, expected) => {
		expect(simplifyKeys(record, 'all')).toMatchObject(expected);
	});

	it('keeps a record without other spellings unchanged', () => {
		const key = fc.string().filter((name) => !DRIFT.some(([spelling]) => spelling === name));
		fc.assert(
			fc.property(fc.dictionary(key, fc.jsonValue()), (record) => {
				expect(simplifyKeys(record as IDataObject, 'all')).toEqual(record);
			}),
			{ examples: [[JSON.parse('{"__proto__": "x", "constructor": 1}') as IDataObject]] },
		);
	});
});

describe('chosen fields', () => {
	it('returns the chosen fields in the declared order', () => {
		const record = { status: 'open', secret: 'x', id: 7 };
		const simple = simplifyKeys(record, ['id', 'status']);
		expect(simple).toEqual({ id: 7, status: 'open' });
		expect(Object.keys(simple)).toEqual(['id', 'status']);
	});

	it.each([undefined, null])('returns a chosen field only if it was sent: %j', (value) => {
		const simple = simplifyKeys({ id: 7, status: value }, ['id', 'status', 'note']);
		expect(Object.keys(simple)).toEqual(value === null ? ['id', 'status'] : ['id']);
	});

	it.each([0, '', false, [], {}])('keeps empty values of chosen fields: %j', (value) => {
		const record: IDataObject = { note: value, notes: 'other' };
		expect(simplifyKeys(record, [['note', 'notes']])).toEqual({ note: value });
	});

	it.each([
		[{ id: 'a' }, 'a'],
		[{ appointment_id: 'b' }, 'b'],
		[{ id: 'a', appointment_id: 'b' }, 'b'],
		[{ id: 'a', appointment_id: null }, 'a'],
		[{ id: null, appointment_id: null }, null],
	])('reads a chosen field from its own spellings: %j', (record, expected) => {
		const simple = simplifyKeys(record, [['appointment_id', 'id']]);
		expect(simple).toEqual({ appointment_id: expected });
	});

	it('prefers a spelling of the field to a general one', () => {
		const record = { patient_mrn: 'drift', chart: 'own' };
		expect(simplifyKeys(record, [['mrn', 'chart']])).toEqual({ mrn: 'own' });
		expect(simplifyKeys({ patient_mrn: 'drift' }, [['mrn', 'chart']])).toEqual({ mrn: 'drift' });
	});

	it('returns no fields for an empty list', () => {
		expect(simplifyKeys({ id: 7 }, [])).toEqual({});
	});

	it('does not change the record', () => {
		const record = Object.freeze({ patient_mrn: '44235', id: 7 });
		simplifyKeys(record, 'all');
		simplifyKeys(record, ['mrn']);
		expect(record).toEqual({ patient_mrn: '44235', id: 7 });
	});
});
