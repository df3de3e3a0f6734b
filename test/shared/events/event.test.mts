import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { eventOf, readEvent, sourceOf } from '../../../nodes/shared/events/event.js';

const NEWER = {
	event_id: 'evt_1',
	event_type: 'appointment.created',
	created_at: '2025-03-15T14:00:00-07:00',
	job_id: '67890',
	access_token_reference_id: 'clinic_1',
	webhook_url: 'https://example.com/hook',
	delivery_status: 'failed',
	data: { appointment_id: 'abc123' },
};

const OLDER = {
	id: 'evt_1',
	type: 'appointment.created',
	created: '2025-03-15T14:00:00-07:00',
	object: 'event',
	job_id: 67890,
	access_token_reference_id: 'clinic_1',
	status: 'failed',
	data: { appointment_id: 'abc123' },
};

const READ = {
	id: 'evt_1',
	type: 'appointment.created',
	created: '2025-03-15T14:00:00-07:00',
	jobId: '67890',
	reference: 'clinic_1',
	data: { appointment_id: 'abc123' },
};

describe('readEvent', () => {
	it.each([
		['event_id, event_type and created_at', NEWER],
		['id, type and created', OLDER],
	])('reads the same event from the spelling %s', (_, record) => {
		expect(readEvent(record)).toEqual({ ...READ, raw: record });
	});

	it('reads the event of a live fetch, old and new', () => {
		const fetched = {
			id: 'evt_2',
			timestamp: '2025-03-15T21:00:00Z',
			type: 'appointment.live_fetch_completed',
			action: 'sync',
			data: { success: true, appointments: [] },
		};
		for (const record of [
			{ ...fetched, user_id: 'u', job_execution_id: '15550942' },
			{ ...fetched, access_token_reference_id: 'u', job_id: 15550942 },
		]) {
			expect(readEvent(record)).toEqual({
				id: 'evt_2',
				type: fetched.type,
				created: fetched.timestamp,
				jobId: '15550942',
				reference: 'u',
				data: fetched.data,
				raw: record,
			});
		}
	});

	it.each([
		['Appointment.Created', 'appointment.created'],
		['\tAPPOINTMENT . CREATED ', 'appointment.created'],
		['Patient.Live Fetch  Completed', 'patient.live_fetch_completed'],
		['Brand.New', 'brand.new'],
	])('reads the type %j as %s', (written, type) => {
		const record = { ...NEWER, event_type: written };
		expect(readEvent(record)).toEqual({ ...READ, type, raw: record });
	});

	it('reads no job for an event from the EHR itself', () => {
		for (const job_id of [undefined, null, '', '  ', {}, []]) {
			expect(readEvent({ ...NEWER, job_id })?.jobId).toBeUndefined();
		}
	});

	it('reads the other spelling when one is blank', () => {
		const record = { event_type: '', type: 'x.done', event_id: null, id: 7, job_id: '' };
		expect(readEvent({ ...record, job_execution_id: '9' })).toMatchObject({
			type: 'x.done',
			id: '7',
			jobId: '9',
		});
	});

	it('reads an event that has only a type', () => {
		const record = { type: 'x.done' };
		expect(readEvent(record)).toEqual({
			id: '',
			type: 'x.done',
			created: '',
			jobId: undefined,
			reference: undefined,
			data: {},
			raw: record,
		});
	});

	it.each([undefined, null, 'text', 7, true, [], [{ a: 1 }]])(
		'reads empty data when it is not an object: %j',
		(data) => {
			expect(readEvent({ ...NEWER, data })?.data).toEqual({});
		},
	);

	it('keeps the record as Cobalt sent it', () => {
		const record = Object.freeze({ ...NEWER, new_field: { a: [1] } });
		expect(readEvent(record)?.raw).toBe(record);
	});

	it.each([undefined, null, '', 'appointment.created', 7, NaN, true, [], [NEWER], () => NEWER])(
		'returns undefined for a record that is not an object: %j',
		(record) => {
			expect(readEvent(record)).toBeUndefined();
		},
	);

	it.each([{}, { type: '' }, { type: ' ' }, { type: null }, { type: {} }, { event_type: [] }])(
		'returns undefined for a record without a type: %j',
		(record) => {
			expect(readEvent({ id: 'evt_1', job_id: '1', ...record })).toBeUndefined();
		},
	);

	it('eventOf reads a record without a type', () => {
		const record = { hello: 'world' };
		expect(eventOf(record)).toMatchObject({ id: '', type: '', created: '', data: {}, raw: record });
	});

	it.each([
		['access_token.login_required', undefined, 'account'],
		['access_token.password_change_warning', '67890', 'account'],
		['appointment.created', '67890', 'cobalt_operation'],
		['appointment.created', undefined, 'ehr_staff'],
		['access_tokens', undefined, 'ehr_staff'],
	])('sourceOf returns the source of %s with job %s', (type, job_id, source) => {
		expect(sourceOf(eventOf({ type, job_id }))).toBe(source);
	});

	it('reads any JSON without throwing', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.jsonValue(), (record, data) => {
				expect(() => readEvent(record)).not.toThrow();
				expect(readEvent({ type: 'x.done', job_id: record, data })?.type).toBe('x.done');
			}),
		);
	});
});
