import { describe, expect, it } from 'vitest';

import { matchPatients, personKey } from '../../../nodes/Cobalt/patientMatch/patientMatch.js';

const WANTED = {
	first_name: 'Siobhán',
	last_name: "O'Brien",
	dob: '1980-05-17',
	phone: '555-123-4567',
};

const record = (changes: Record<string, unknown> = {}) => ({
	first_name: 'SIOBHAN',
	last_name: 'O’Brien',
	dob: '1980-05-17',
	sex: 'female',
	phone: '(555) 123-4567',
	mrn: '44235',
	...changes,
});

const mrns = (records: Array<Record<string, unknown>>) => records.map(({ mrn }) => mrn);

describe('a match by name and birth date', () => {
	const match = (...records: Array<ReturnType<typeof record>>) =>
		matchPatients(WANTED, records, 'nameAndBirthDate');

	it('finds the person in any spelling of the name', () => {
		expect(mrns(match(record()).certain)).toEqual(['44235']);
	});

	it.each([
		['a longer last name', { last_name: "O'Brienson" }],
		['a second first name', { first_name: 'Siobhan Mary' }],
		['another birth date', { dob: '1980-05-18' }],
		['first and last name swapped', { first_name: "O'Brien", last_name: 'Siobhan' }],
		['no name', { first_name: null, last_name: '' }],
		['a creation that failed', { status: 'failed' }],
	])('does not find %s by name and birth date', (_name, changes) => {
		const { certain, uncertain } = match(record(changes));
		expect([...certain, ...uncertain]).toEqual([]);
	});

	it('finds a person with another phone number by name and birth date', () => {
		expect(match(record({ phone: '555-999-9999' })).certain).toHaveLength(1);
	});

	it('counts two people with one name and birth date as two', () => {
		expect(mrns(match(record(), record({ mrn: '9' })).certain)).toEqual(['44235', '9']);
	});

	it('counts a person who is listed twice as one', () => {
		expect(match(record(), record({ phone: null })).certain).toHaveLength(1);
	});

	it('reads a birth date with a time, and under its name in live fetches', () => {
		expect(match(record({ dob: '1980-05-17T00:00:00Z' })).certain).toHaveLength(1);
		expect(match(record({ dob: undefined, date_of_birth: '1980-05-17' })).certain).toHaveLength(1);
	});

	it.each([null, '', '05/17/1980', 'unknown'])('is uncertain for a birth date of %j', (dob) => {
		const { certain, uncertain } = match(record({ dob }));
		expect([certain, mrns(uncertain)]).toEqual([[], ['44235']]);
	});
});

describe('a match by all given fields', () => {
	const match = (changes: Record<string, unknown>, wanted: Record<string, unknown> = WANTED) =>
		matchPatients(wanted, [record(changes)], 'allGivenFields').certain;

	it('finds the person whose phone number is written differently', () => {
		expect(match({ phone: '+1 555.123.4567' })).toHaveLength(1);
	});

	it('does not find a person with another phone number by all given fields', () => {
		expect(match({ phone: '555-999-9999' })).toEqual([]);
	});

	it('does not find a person with another sex or email address by all given fields', () => {
		expect(match({}, { ...WANTED, sex: 'male' })).toEqual([]);
		expect(match({ email: 'A@example.com' }, { ...WANTED, email: 'b@example.com' })).toEqual([]);
		expect(match({ email: 'A@example.com' }, { ...WANTED, email: 'a@example.com ' })).toHaveLength(
			1,
		);
	});

	it('finds a person of whom Cobalt does not have the field', () => {
		expect(match({ phone: null })).toHaveLength(1);
	});
});

describe('personKey', () => {
	it('returns the same key for two spellings of one name', () => {
		expect(personKey(WANTED)).toBe(personKey({ ...record(), phone: undefined }));
	});

	it.each([{ dob: '1980-05-18' }, { first_name: 'Siobhan M' }, { last_name: 'Brien' }])(
		'returns another key with %j',
		(changes) => {
			expect(personKey({ ...WANTED, ...changes })).not.toBe(personKey(WANTED));
		},
	);

	it('distinguishes where the first name ends and the last name starts', () => {
		const key = (first_name: string, last_name: string) => personKey({ first_name, last_name });
		expect(key('Ann', 'Elee')).not.toBe(key('Anne', 'Lee'));
	});
});
