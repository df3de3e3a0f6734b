import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { unwrap } from '../../../nodes/shared/http/unwrapResponse.js';

describe('unwrap', () => {
	it.each<[string, IDataObject, IDataObject]>([
		['nothing', { success: true }, {}],
		['an empty answer', {}, {}],
		['beside success', { success: true, job_id: 7, message: 'x' }, { job_id: 7, message: 'x' }],
		['in data', { success: true, data: { job_id: 7 } }, { job_id: 7 }],
		['in webhook', { success: true, webhook: { id: 'w1' } }, { id: 'w1' }],
		['in data and beside it', { data: { id: 'a1' }, job_id: 7 }, { id: 'a1', job_id: 7 }],
		['beside null in data', { job_id: 5, data: { job_id: null } }, { job_id: 5 }],
		['beside empty text in data', { id: 'a1', data: { id: '', n: 0 } }, { id: 'a1', n: 0 }],
		['beside null in webhook', { id: 'w1', webhook: { id: null } }, { id: 'w1' }],
		['in data, beside null', { job_id: null, data: { job_id: 5 } }, { job_id: 5 }],
		['nowhere', { data: { job_id: null } }, { job_id: null }],
		['in data and otherwise beside it', { id: 'outer', data: { id: 'a1' } }, { id: 'a1' }],
		[
			'in data, beside a webhook',
			{ data: { id: 'a1' }, webhook: { id: 'w1' } },
			{ id: 'a1', webhook: { id: 'w1' } },
		],
		['in webhook, beside null', { data: null, webhook: { id: 'w1' } }, { data: null, id: 'w1' }],
		['in a list', { success: true, data: [1, 2] }, { data: [1, 2] }],
		['in text', { success: true, data: 'text' }, { data: 'text' }],
		['in an empty object', { success: true, data: {}, job_id: 7 }, { job_id: 7 }],
	])('returns the fields of a record: %s', (_, response, expected) => {
		expect(unwrap(response)).toEqual(expected);
	});

	it('keeps a record unchanged, whatever its keys and texts', () => {
		const response = JSON.parse(
			'{"success": true, "data": {"__proto__": {"id": 2}, "name": "فاطمة 😀\\n../"}, "constructor": 1}',
		) as IDataObject;
		const record = unwrap(response);
		expect(Object.keys(record)).toEqual(['constructor', '__proto__', 'name']);
		expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
		expect(record.name).toBe('فاطمة 😀\n../');
		expect(record.id).toBeUndefined();
	});

	it('does not change the response', () => {
		const response = { success: true, data: { id: 'a1' } };
		unwrap(response);
		expect(response).toEqual({ success: true, data: { id: 'a1' } });
	});
});
