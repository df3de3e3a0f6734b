import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * The secret of a registration must outlive this process, but n8n's static data is neither encrypted nor private.
 * So the secret is encrypted with a key derived from the client secret: only the credential can decrypt it.
 */
const ALGORITHM = 'aes-256-gcm';

const PURPOSE = 'n8n-nodes-cobalt: secret of a webhook';

const LENGTH = { salt: 16, nonce: 12, tag: 16 };

function keyFrom(password: string, salt: Buffer): Buffer {
	return Buffer.from(hkdfSync('sha256', password, salt, PURPOSE, 32));
}

/** @returns base64 */
export function encryptSecret(secret: string, password: string): string {
	const salt = randomBytes(LENGTH.salt);
	const nonce = randomBytes(LENGTH.nonce);
	const cipher = createCipheriv(ALGORITHM, keyFrom(password, salt), nonce);
	const encrypted = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
	return Buffer.concat([salt, nonce, cipher.getAuthTag(), encrypted]).toString('base64');
}

/** @returns undefined for anything that was not encrypted with this password */
export function decryptSecret(encrypted: unknown, password: string): string | undefined {
	if (typeof encrypted !== 'string') return undefined;
	const bytes = Buffer.from(encrypted, 'base64');
	const nonceAt = LENGTH.salt;
	const tagAt = nonceAt + LENGTH.nonce;
	const textAt = tagAt + LENGTH.tag;
	if (bytes.length <= textAt) return undefined;
	const key = keyFrom(password, bytes.subarray(0, nonceAt));
	const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(nonceAt, tagAt), {
		authTagLength: LENGTH.tag,
	});
	decipher.setAuthTag(bytes.subarray(tagAt, textAt));
	try {
		const text = Buffer.concat([decipher.update(bytes.subarray(textAt)), decipher.final()]);
		return text.toString('utf8');
	} catch {
		return undefined;
	}
}
