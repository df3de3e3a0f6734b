import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fillPath } from '../../../nodes/shared/http/path.js';

const { UserError } = createRequire(import.meta.url)(
	'n8n-workflow',
) as typeof import('n8n-workflow');

const ROOT = 'https://api.usecobalt.com/v1';

/** The path as it goes over the wire, segment by segment. */
function segmentsOf(path: string): string[] {
	const url = new URL(ROOT + path);
	expect(url.origin).toBe('https://api.usecobalt.com');
	expect(url.search).toBe('');
	expect(url.hash).toBe('');
	return url.pathname.split('/').slice(1);
}

describe('fillPath', () => {
	it('fills the values into a path', () => {
		expect(fillPath('/appointments/{id}', { id: 'c5c0e613' })).toBe('/appointments/c5c0e613');
		expect(fillPath('/patients/{mrn}/insurances/{id}', { mrn: '44235', id: '7' })).toBe(
			'/patients/44235/insurances/7',
		);
	});

	it.each([
		'a/b',
		'../webhook',
		'../../v1/webhook',
		'/etc',
		'a\\..\\b',
		'...',
		'. .',
		' .. ',
		'%2e%2e',
		'%2E%2E',
		'.%2e',
		'%2f',
		'%',
		'a?success=true',
		'a#b',
		'a b',
		'a;b',
		'a&b=c',
		'a:b@evil.example',
		'{id}',
		'$&',
		'__proto__',
		'😀',
		'مريض',
	])('keeps an ID in its segment: %j', (id) => {
		const segments = segmentsOf(fillPath('/patients/{mrn}/insurances', { mrn: id }));
		expect(segments).toHaveLength(4);
		expect([segments[0], segments[1], segments[3]]).toEqual(['v1', 'patients', 'insurances']);
		expect(decodeURIComponent(segments[2] ?? '')).toBe(id);
	});

	it.each([
		['nothing', ''],
		['a dot', '.'],
		['two dots', '..'],
		['a newline', 'a\nb'],
		['a carriage return', 'a\rb'],
		['a tab', 'a\tb'],
		['NUL', 'a\0b'],
		['half an emoji', 'a\ud83d'],
	])('refuses an ID that is or has %s', (_, id) => {
		expect(() => fillPath('/appointments/{id}', { id })).toThrow(UserError);
	});

	it('refuses a path without a value', () => {
		expect(() => fillPath('/appointments/{id}', {})).toThrow(UserError);
	});

	it('does not fill a value into another value', () => {
		const path = fillPath('/patients/{mrn}/insurances/{id}', { mrn: '{id}', id: '7' });
		expect(path).toBe('/patients/%7Bid%7D/insurances/7');
	});

	it('keeps any ID in its segment, or refuses it', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (id) => {
				let path: string;
				try {
					path = fillPath('/appointments/{id}', { id });
				} catch (error) {
					expect(error).toBeInstanceOf(UserError);
					return;
				}
				expect(segmentsOf(path)).toHaveLength(3);
				expect(segmentsOf(path).slice(0, 2)).toEqual(['v1', 'appointments']);
			}),
			{ examples: [['..'], ['.'], ['a/..'], ['%2e%2e']] },
		);
	});
});
