import { describe, expect, it } from 'vitest';

import { eventOf } from '../../../nodes/shared/events/event.js';
import { KEY_LENGTH, dedupeKey } from '../../../nodes/shared/events/eventKey.js';

const key = (record: Record<string, unknown>) => dedupeKey(eventOf(record));

describe('dedupeKey', () => {
	it('makes a short key that reveals nothing of the event', () => {
		expect(key({ id: 'evt_1', data: { patient_name: 'John Doe' } })).toMatch(/^[\w-]{10}$/);
		expect(KEY_LENGTH).toBe(10);
	});

	it('makes the key from the ID alone, delivered or in the log, in either spelling', () => {
		const delivered = { id: 'evt_1', type: 'x.done', created: '2025-03-10T15:00:00Z', data: {} };
		const logged = { event_id: 'evt_1', event_type: 'x.done', delivery_status: 'failed' };
		expect(key(delivered)).toBe(key(logged));
		expect(key(delivered)).not.toBe(key({ ...delivered, id: 'evt_2' }));
		expect(key({ id: 7 })).toBe(key({ id: '7' }));
	});

	it('makes the key of an event without an ID from what happened, not from its delivery', () => {
		const event = { type: 'x.done', created: '2025-03-10T15:00:00Z', data: { a: 1 } };
		expect(key({ ...event, delivery_attempts: 1 })).toBe(key({ ...event, delivery_attempts: 2 }));
		const others = [
			{ ...event, type: 'x.failed' },
			{ ...event, created: '2025-03-10T15:00:01Z' },
			{ ...event, data: { a: 2 } },
			{ ...event, job_id: 1 },
		];
		expect(new Set([event, ...others].map(key)).size).toBe(5);
	});

	it('makes the key of an unknown record from the whole record', () => {
		expect(key({ a: 1 })).not.toBe(key({ a: 2 }));
		expect(key({})).toBe(key({}));
	});
});
