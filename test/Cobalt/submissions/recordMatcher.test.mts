import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { RecordMatcher } from '../../../nodes/Cobalt/declarations/recordMatcher.js';
import { appointment } from '../../../nodes/Cobalt/resources/appointment.js';
import {
	matchingRecords,
	matchKey,
	searchQuery,
	recordIdOf,
	stateOf,
} from '../../../nodes/Cobalt/submissions/recordMatcher.js';

const TRACE: RecordMatcher = {
	list: { path: '/appointments', key: 'appointments' },
	query: { patient_mrn: 'mrn' },
	time: 'datetime',
	same: { mrn: 'mrn', provider_ehr_id: 'provider' },
	gone: { key: 'status', value: /^cancel/i },
	progress: { key: 'status', completed: 'scheduled', pending: 'pending', failed: 'failed' },
	recordKey: 'appointment_id',
	simplified: [['appointment_id', 'id'], 'datetime', 'status', 'mrn', 'provider_ehr_id'],
};

const SUBMITTED = {
	mrn: '44235',
	datetime: '2025-03-15T14:00:00-05:00',
	provider: '118',
	location: '2',
	type: 'follow_up',
	note: 'Knee pain',
};

const SENT_AT = Date.parse('2025-03-10T15:00:00Z');

/** What Cobalt's list has of that, and who made it. */
const record = (fields: IDataObject = {}, metadata: IDataObject = {}): IDataObject => ({
	id: 'abc123',
	datetime: '2025-03-15T19:00:00.000Z',
	status: 'scheduled',
	patient_mrn: '44235',
	patient_name: 'Jane Doe',
	provider_ehr_id: '118',
	object_metadata: {
		source: 'cobalt_operation',
		created_at: '2025-03-10T15:00:07.000Z',
		...metadata,
	},
	...fields,
});

const found = (records: IDataObject[], submitted: IDataObject = SUBMITTED, since = SENT_AT) =>
	matchingRecords(TRACE, submitted, records, since);

describe('searchQuery', () => {
	it('searches for the patient on all days that may have the moment', () => {
		expect(searchQuery(TRACE, SUBMITTED)).toEqual({
			path: '/appointments',
			key: 'appointments',
			query: { patient_mrn: '44235', start_date: '2025-03-15', end_date: '2025-03-16' },
		});
	});

	it.each([
		['2025-03-15T23:30:00-07:00', '2025-03-15', '2025-03-16'],
		['2025-03-16T00:30:00+10:00', '2025-03-15', '2025-03-16'],
		['2025-12-31T11:00:00Z', '2025-12-30', '2026-01-01'],
	])('searches on two or three days: %s', (datetime, start_date, end_date) => {
		const { query } = searchQuery(TRACE, { ...SUBMITTED, datetime });
		expect(query).toMatchObject({ start_date, end_date });
	});

	it('does not change its declaration', () => {
		const before = structuredClone(TRACE.list);
		searchQuery(TRACE, SUBMITTED);
		expect(TRACE.list).toEqual(before);
	});
});

describe('matchingRecords', () => {
	it('finds the record of the submission, as the list has it', () => {
		expect(found([record()])).toEqual([record()]);
	});

	it.each([
		[{ id: 'abc123' }, 'abc123'],
		[{ id: undefined, appointment_id: 'abc123' }, 'abc123'],
		[{ id: 7 }, '7'],
		[{ id: null }, undefined],
		[{ id: undefined }, undefined],
	])('reads the ID of a record in any spelling: %j', (fields, id) => {
		expect(recordIdOf(TRACE, record(fields))).toBe(id);
	});

	it.each([
		['the moment with another offset', { datetime: '2025-03-15T12:00:00-07:00' }],
		['the moment in another spelling', { datetime: undefined, date_time: '2025-03-15T19:00:00Z' }],
		['the patient in another spelling', { patient_mrn: undefined, mrn: '44235' }],
		['ids as numbers', { patient_mrn: 44235, provider_ehr_id: 118 }],
		['another status that counts', { status: 'Confirmed' }],
		['no status', { status: null }],
		['another location and note', { location: '3', note: 'Knee pain, left' }],
	])('finds a record with %s', (_, fields) => {
		expect(found([record(fields)])).toHaveLength(1);
	});

	it.each([
		['another moment', { datetime: '2025-03-15T19:30:00.000Z' }],
		['a moment that cannot be read', { datetime: 'tomorrow' }],
		['no moment', { datetime: null }],
		['another patient', { patient_mrn: '44236' }],
		['no patient', { patient_mrn: null }],
		['another provider', { provider_ehr_id: '119' }],
		['no provider', { provider_ehr_id: undefined }],
	])('does not find a record with %s', (_, fields) => {
		expect(found([record(fields)])).toEqual([]);
	});

	it.each([
		[
			'by the staff',
			{ object_metadata: { source: 'ehr_sync', created_at: '2025-03-10T15:00:07Z' } },
		],
		['by an unknown source', { object_metadata: null }],
		['by an unknown source', { object_metadata: undefined, created_at: '2025-03-10T15:00:07Z' }],
		['by an unknown source', { object_metadata: 'cobalt_operation' }],
		['at an unknown time', { object_metadata: { source: 'cobalt_operation' } }],
	])('does not find a record that was created %s', (_, fields) => {
		expect(found([record(fields)])).toEqual([]);
	});

	it.each([
		['2025-03-10T14:59:59.999Z', 0],
		['2025-03-10T15:00:00.000Z', 1],
		['2025-03-10T08:00:00-07:00', 1],
		['2025-03-10T14:59:59+00:00', 0],
		['2025-03-11T15:00:00Z', 1],
		['yesterday', 0],
	])('finds a record only if it was created after the submission: %s', (created_at, count) => {
		expect(found([record({}, { created_at })])).toHaveLength(count);
		const metadata = { source: 'cobalt_operation' };
		expect(found([record({ object_metadata: metadata, created_at })])).toHaveLength(count);
	});

	it('finds all records that match, in the order of the list', () => {
		const records = [
			record({ id: 'a' }),
			record({ id: 'b', mrn: '1', patient_mrn: '1' }),
			record({ id: 'c' }),
		];
		expect(found(records).map(({ id }) => id)).toEqual(['a', 'c']);
	});

	it('finds no record for a moment that cannot be read', () => {
		const submitted = { ...SUBMITTED, datetime: 'tomorrow' };
		expect(found([record({ datetime: 'tomorrow' })], submitted)).toEqual([]);
	});

	it('does not change the records', () => {
		const records = [record()];
		const before = structuredClone(records);
		found(records);
		expect(records).toEqual(before);
	});
});

describe('matchKey', () => {
	const identity = (fields: IDataObject = {}) => matchKey(TRACE, { ...SUBMITTED, ...fields });

	it.each([
		['the moment is written with another offset', { datetime: '2025-03-15T19:00:00Z' }],
		['an id is a number', { provider: 118 }],
		['they differ in fields that are not compared', { note: 'Other', location: '3' }],
	])('returns the same key when a record could come from both: %s', (_, fields) => {
		expect(identity(fields)).toBe(identity());
		expect(found([record()], { ...SUBMITTED, ...fields })).toHaveLength(1);
	});

	it.each([
		['moment', { datetime: '2025-03-15T14:00:01-05:00' }],
		['patient', { mrn: '44236' }],
		['provider', { provider: '119' }],
		['provider, which is missing', { provider: undefined }],
	])('returns another key with another %s', (_, fields) => {
		expect(identity(fields)).not.toBe(identity());
		expect(found([record()], { ...SUBMITTED, ...fields })).toEqual([]);
	});
});

describe('the states of an appointment', () => {
	const traces = appointment.operations.flatMap((operation) =>
		operation.kind === 'submission' ? (operation.recordMatcher ?? []) : [],
	);

	it('one operation on appointments can find its record', () => {
		expect(traces).toHaveLength(1);
	});

	it.each([
		['cancelled', 'gone'],
		['Canceled', 'gone'],
		['CANC', 'gone'],
		['Cancelled - no show', 'gone'],
		['rescheduled', 'gone'],
		['R/S', 'gone'],
		['scheduled', 'completed'],
		['SCHEDULED ', 'completed'],
		['pending', 'pending'],
		['failed', 'failed'],
		['Confirmed', 'unrecognized'],
		['CANCUN clinic', 'unrecognized'],
		[null, 'unrecognized'],
	])('reads the status %j as %s', (status, state) => {
		for (const matcher of traces) expect(stateOf(matcher, record({ status }))).toBe(state);
	});
});
