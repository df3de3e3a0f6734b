import { describe, expect, it } from 'vitest';

import { itemOf } from '../../nodes/CobaltTrigger/item.js';
import { eventOf } from '../../nodes/shared/events/event.js';
import { renameErrorKey } from '../../nodes/shared/normalize/renameErrorKey.js';
import { BOOKED, CREATED, LOGIN, STATUS, UPDATED } from './events.mts';

const simple = (record: Record<string, unknown>) =>
	itemOf(eventOf(record), { output: { kind: 'simplified' } }).json;
const whole = (record: Record<string, unknown>) =>
	itemOf(eventOf(record), { output: { kind: 'raw' } }).json;

describe('an event as an item', () => {
	it('makes a flat item in one spelling', () => {
		expect(simple(BOOKED)).toEqual({
			event_id: '508c368e7de13b40f9397eec966d0329',
			event_type: 'appointment.created',
			event_created_at: '2025-07-28T16:05:48.929Z',
			event_source: 'cobalt_operation',
			job_id: '67890',
			access_token_reference_id: 'clinic_1',
			appointment_id: 'c5c0e613fc7d68a1c01ef4160483a0b6',
			mrn: '44235',
			datetime: '2025-07-28T16:00:00.000Z',
			timezone: 'America/New_York',
			provider_id: 'defe69ae-f363-4797-87bd-1c70acb52b21',
			provider_name: 'Dr. Jose Gonzalez',
			secondary_provider_id: null,
		});
		expect(simple(CREATED)).not.toHaveProperty('job_id');
		expect(simple(LOGIN)).toMatchObject({
			event_source: 'account',
			message: 'Account link expired',
		});
	});

	it.each([UPDATED, STATUS])('names the ID of the appointment in an event $type', (record) => {
		const json = simple(record);
		expect(json).toMatchObject({
			event_id: record.id,
			appointment_id: '0551c88b2249945151f967525ee3f7b4',
			mrn: '804',
		});
		expect(json).not.toHaveProperty('id');
	});

	it.each(['patient.insurance.updated', 'appointment.failed', 'x.done'])(
		'does not guess whose ID %s is',
		(type) => {
			const json = simple({ type, data: { id: '7' } });
			expect(json.id).toBe('7');
			expect(Object.keys(json)).not.toContain('patient_id');
		},
	);

	it('keeps both IDs of an event that has two', () => {
		const data = { id: 'a', appointment_id: 'b' };
		expect(simple({ ...UPDATED, data })).toMatchObject({ id: 'a', appointment_id: 'b' });
	});

	it('keeps an event as Cobalt sent it with Output set to Raw, or when its shape is unknown', () => {
		const record = { ...BOOKED, error: 'x' };
		expect(whole(record)).toEqual({
			event_id: BOOKED.id,
			event_type: BOOKED.type,
			event_created_at: BOOKED.created,
			event_source: 'cobalt_operation',
			access_token_reference_id: 'clinic_1',
			event: record,
		});
		expect(simple({ hello: 'world', error: true })).toEqual({
			event_id: '',
			event_type: '',
			event_created_at: '',
			event_source: 'ehr_staff',
			event_digest: expect.stringMatching(/^[\w-]{43}$/) as string,
			event: { hello: 'world', error: true },
		});
	});

	it('keeps the fields of the event when its data has fields of the same names', () => {
		const data = { event_id: 'no', event_type: 'no', event_source: 'no', event_created_at: 'no' };
		const own = { job_id: 'no', access_token_reference_id: 'no' };
		const json = simple({ ...BOOKED, data: { ...data, ...own, a: 1 } });
		expect(Object.values(json)).not.toContain('no');
		expect(json).toMatchObject({ a: 1, job_id: '67890' });
	});

	it('keeps data fields named like prototypes', () => {
		const record = JSON.parse(
			'{"type":"appointment.updated","data":{"id":"1","__proto__":{"a":1},"constructor":2}}',
		) as Record<string, unknown>;
		const json = simple(record);
		expect(Object.getPrototypeOf(json)).toBe(Object.prototype);
		expect(Object.entries(json)).toEqual(
			expect.arrayContaining([
				['__proto__', { a: 1 }],
				['constructor', 2],
			]),
		);
	});

	it.each(['text', { a: 1 }, true, null, false])(
		'makes no item that n8n takes for an error: %j',
		(error) => {
			const json = simple({ type: 'x.failed', data: { error } });
			expect(json).not.toHaveProperty('error');
			expect(json.cobalt_error).toEqual(error);
		},
	);
});

it('leaves an item without an error unchanged', () => {
	const json = { a: 1 };
	expect(renameErrorKey(json)).toBe(json);
});
