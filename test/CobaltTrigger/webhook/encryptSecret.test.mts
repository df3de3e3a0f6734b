import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
	encryptSecret,
	decryptSecret,
} from '../../../nodes/CobaltTrigger/webhook/encryptSecret.js';

const ENCRYPTED = encryptSecret('whsec_1', 'cs_live_1');

describe('an encrypted secret', () => {
	it('decrypts with its password', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 1 }), fc.string(), (secret, password) => {
				expect(decryptSecret(encryptSecret(secret, password), password)).toBe(secret);
			}),
		);
	});

	it('reveals nothing, and never looks the same', () => {
		expect(Buffer.from(ENCRYPTED, 'base64').toString('latin1')).not.toContain('whsec');
		expect(ENCRYPTED).not.toBe(encryptSecret('whsec_1', 'cs_live_1'));
	});

	it.each(['', 'cs_live_2', 'CS_LIVE_1', 'cs_live_1 '])('does not decrypt with %j', (password) => {
		expect(decryptSecret(ENCRYPTED, password)).toBeUndefined();
	});

	it('does not decrypt when a bit is changed or its end is missing', () => {
		const bytes = Buffer.from(ENCRYPTED, 'base64');
		for (const [index, byte] of bytes.entries()) {
			const changed = Buffer.from(bytes);
			changed[index] = byte ^ 1;
			expect(decryptSecret(changed.toString('base64'), 'cs_live_1')).toBeUndefined();
			expect(
				decryptSecret(bytes.subarray(0, index).toString('base64'), 'cs_live_1'),
			).toBeUndefined();
		}
	});

	it('decrypts nothing else', () => {
		fc.assert(
			fc.property(fc.anything(), fc.base64String({ maxLength: 300 }), (junk, text) => {
				expect(decryptSecret(junk, 'cs_live_1')).toBeUndefined();
				expect(decryptSecret(text, 'cs_live_1')).toBeUndefined();
			}),
		);
	});
});
