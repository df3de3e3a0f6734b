import { describe, expect, it } from 'vitest';

import { email, npi, phone, usState, zipCode } from '../../../nodes/Cobalt/parsers/contact.js';
import { expectRefused } from '../../shared/parsers/reading.mts';

const context = { timezone: 'UTC' };

describe('email', () => {
	it.each([
		['jane@example.com', 'jane@example.com'],
		['null@example.com', 'null@example.com'],
		['nan@example.com', 'nan@example.com'],
		['j​ane@example.com ', 'jane@example.com'],
		['jane＠example.com', 'jane@example.com'],
		['josé@exämple.de', 'josé@exämple.de'],
		["o'neil@example.com", "o'neil@example.com"],
		[' jane.o+cobalt@mail.example.co.uk ', 'jane.o+cobalt@mail.example.co.uk'],
	])('reads the email address %j', (value, expected) => {
		expect(email(value, context)).toBe(expected);
	});

	it.each([
		'jane',
		'jane@',
		'@example.com',
		'jane@example',
		'a@b@c.d',
		'jane@example..com',
		'jane@example.com,',
		'jane@example.com;',
		'Jane <jane@example.com>',
		'mailto:jane@example.com',
		'undefined@example.com',
		'jаne@example.com',
		'jane@exаmple.com',
		'jane@-a.com',
		'jane doe@example.com',
	])('refuses the email address %s', (value) => {
		expectRefused(email, value);
	});

	it('refuses a very long email address quickly', () => {
		expectRefused(email, `${'a@'.repeat(5_000)}b`);
	});
});

describe('phone', () => {
	it.each([
		['5551234567', '555-123-4567'],
		['555-123-4567', '555-123-4567'],
		[' (555) 123-4567 ', '555-123-4567'],
		['555.123.4567', '555-123-4567'],
		['+1 555 123 4567', '555-123-4567'],
		['1-555-123-4567', '555-123-4567'],
		[5551234567, '555-123-4567'],
		[15551234567, '555-123-4567'],
		['5551234567.0', '555-123-4567'],
		['15551234567.00', '555-123-4567'],
		['٥٥٥١٢٣٤٥٦٧', '555-123-4567'],
		['５５５－１２３－４５６７', '555-123-4567'],
		['555–123‑4567', '555-123-4567'],
		['\u202a+1\u00a0(555)\u00a0123\u20114567\u202c', '555-123-4567'],
	])("writes a US phone number in Cobalt's format: %j", (value, expected) => {
		expect(phone(value, context)).toBe(expected);
	});

	it.each([
		'123-4567',
		'2-555-123-4567',
		'+44 20 7946 0958',
		'+4930123456',
		'+49 3012 3456',
		'555-CALL-NOW',
		'555-123-4567 ext. 8',
		'5'.repeat(10_000),
		'5.551234567E9',
		'5551234567e0',
		'155-123-4567',
		'1551234567.0',
		'055-123-4567',
		'55.5123.4567',
		'555123456.7',
		'155.123.4567.0',
		'😀',
		'../',
		-5551234567.5,
	])('refuses the phone number %s', (value) => {
		expectRefused(phone, value);
	});
});

describe('usState', () => {
	it.each([
		['MA', 'MA'],
		[' ny ', 'NY'],
		['Ca', 'CA'],
		['Massachusetts', 'MA'],
		['new  york', 'NY'],
		['D.C.', 'DC'],
		['n.y', 'NY'],
		['\u212aY', 'KY'],
		['​M​A​', 'MA'],
	])('writes a US state in capital letters: %j', (value, expected) => {
		expect(usState(value, context)).toBe(expected);
	});

	it.each([
		'M',
		'MAS',
		'Massachusets',
		'Mass.',
		'МА',
		'__proto__',
		'M A',
		'M.',
		'ÄÖ',
		'سع',
		'😀',
		'..',
		7,
		12,
	])('refuses the state %s', (value) => {
		expectRefused(usState, value);
	});
});

describe('zipCode', () => {
	it.each([
		['02108', '02108'],
		[' 02108-1234 ', '02108-1234'],
		[12180, '12180'],
		['12180.0', '12180'],
		['021081234', '02108-1234'],
		['02108 1234', '02108-1234'],
		['02108 – 1234', '02108-1234'],
		['٠٢١٠٨', '02108'],
		['０２１０８', '02108'],
	])('reads the ZIP code %j', (value, expected) => {
		expect(zipCode(value, context)).toBe(expected);
	});

	it.each([
		2108,
		'2108',
		'02108-',
		'02108-12',
		'02108-12345',
		'AB1 2CD',
		'2108.0',
		'1.2180E4',
		21081234,
		12180.5,
		'../..',
		'1'.repeat(10_000),
	])('refuses the ZIP code %j', (value) => {
		expectRefused(zipCode, value);
	});
});

describe('npi', () => {
	it.each([
		['1234567893', '1234567893'],
		[1234567893, '1234567893'],
		['1234567893.0', '1234567893'],
		['\u200e1234567893', '1234567893'],
		['１２３４５６７８９３', '1234567893'],
	])('reads the NPI %j', (value, expected) => {
		expect(npi(value, context)).toBe(expected);
	});

	it.each(['123456789', '12345678933', '1234-567-893', 'A234567893', 123456789, '1.234567893E9'])(
		'refuses the NPI %j',
		(value) => {
			expectRefused(npi, value);
		},
	);
});

it('says that letters may only look the same when a lookalike is refused', () => {
	for (const [reader, lookalike] of [
		[usState, 'МА'],
		[email, 'jаne@example.com'],
		[phone, '555⁃123⁃4567'],
		[zipCode, '021O8 x'.replace('O', 'О')],
	] as const) {
		expect(expectRefused(reader, lookalike)).toContain('even if they look the same');
	}
});
