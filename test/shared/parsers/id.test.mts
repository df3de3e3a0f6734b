import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cobaltId, code, id } from '../../../nodes/shared/parsers/id.js';
import { expectRefused } from './reading.mts';

const context = { timezone: 'UTC' };

describe('id', () => {
	it.each([
		['c5c0e613fc7d68a1c01ef4160483a0b6', 'c5c0e613fc7d68a1c01ef4160483a0b6'],
		[15550942, '15550942'],
		[7615917337495251231n, '7615917337495251231'],
		['7615917337495251231', '7615917337495251231'],
		['00044235', '00044235'],
		[0, '0'],
		[-5, '-5'],
		['12e4', '12e4'],
		['1E5', '1E5'],
		['2.16.840.1', '2.16.840.1'],
		['1,2', '1,2'],
		['annulled', 'annulled'],
		['nullipara', 'nullipara'],
		['Nancy', 'Nancy'],
		['NA', 'NA'],
		['٤٤٢٣٥', '44235'],
		['ＭＲＮ４４２３５', 'MRN44235'],
		['MRN‑44–235', 'MRN-44-235'],
		['442\u00a035', '442 35'],
		['Zoe\u0301', 'Zoé'],
		['a/../b', 'a/../b'],
		['...', '...'],
	])('accepts any single line as an ID: %s', (value, expected) => {
		expect(id(value, context)).toBe(expected);
	});

	it.each([
		['a dot', '.'],
		['two dots', ' .. '],
		['half an emoji', 'a\ud83d'],
		['a rounded number', 7615917337495251231],
		['a number with an exponent', 1e21],
		['a number with decimals', 44235.5],
		['decimals in text', '44235.0'],
		['a shortened number', '7.61592E+18'],
		['a shortened number of a program', '1.5551234567E10'],
		['a shortened number without decimals', '4E+09'],
		['groups of digits', '44,235'],
		['Cyrillic letters', '\u041c\u041044235'],
		['a Greek letter', '\u0391-7'],
	])('refuses text that is not an ID: %s', (_, value) => {
		expectRefused(id, value);
	});
});

describe('cobaltId', () => {
	const ID = 'c5c0e613fc7d68a1c01ef4160483a0b6';

	it.each([ID, ` ${ID} `, ID.toUpperCase(), 'c5c0e613-fc7d-68a1-c01e-f4160483a0b6'])(
		'accepts a UUID with or without hyphens: %s',
		(value) => {
			expect(cobaltId(value, context)).toBe(ID);
		},
	);

	it('accepts any UUID', () => {
		fc.assert(
			fc.property(fc.uuid(), (uuid) => {
				expect(cobaltId(uuid, context)).toBe(uuid.replaceAll('-', ''));
			}),
		);
	});

	it.each([
		'118',
		118,
		ID.slice(1),
		`${ID}0`,
		ID.replace('c', 'g'),
		`{${ID}}`,
		`urn:uuid:${ID}`,
		`../${ID}`,
		`${ID},${ID}`,
		'-',
		'----',
		'😀',
		'a'.repeat(10_000),
		'-'.repeat(10_000),
	])('refuses an ID that is not a UUID: %s', (value) => {
		expectRefused(cobaltId, value);
	});
});

describe('code', () => {
	it.each([
		['250.0', '250.0'],
		['R01.1\u200b', 'R01.1'],
		['G44.209', 'G44.209'],
		[99213, '99213'],
		['Follow–up', 'Follow–up'],
		['New\u00a0Patient', 'New Patient'],
		['R/S', 'R/S'],
		['1E5', '1E5'],
		['прием', 'прием'],
	])('accepts a code of the account: %j', (value, expected) => {
		expect(code(value, context)).toBe(expected);
	});

	it.each([401.9, 7615917337495251231, true])('refuses a value that is not a code: %j', (value) => {
		expectRefused(code, value);
	});
});
