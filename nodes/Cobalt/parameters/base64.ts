/** Bytes encoded as text. */
export interface Base64 {
	/** Without whitespace, in the standard alphabet (RFC 4648, section 4). */
	base64: string;
	/** In bytes, decoded. */
	size: number;
	/** MIME type, if the text is a data URL that has one. */
	mimeType?: string;
}

/** RFC 2397: `data:application/pdf;base64,…`, or percent-encoded without `;base64`. */
const DATA_URL = /^data:([^,]*?)(;\s*base64\s*)?,/i;

const ALPHABET = /^[A-Za-z\d+/]+={0,2}$/;

const URL_ALPHABET = /^[A-Za-z\d_-]+={0,2}$/;

/** Ids, hashes and bytes in hexadecimal: decoded as base64, they would be garbage. */
const HEXADECIMAL = /^(?=.*\d)([a-f\d-]{16,}|[A-F\d-]{16,})$/;

/** Characters. Words are hardly longer, and files hardly shorter. */
const MIN_LENGTH_UNPADDED = 32;

/** Words that would be valid base64, but come from expressions without a value. */
const NO_VALUE = /^(null|true)$/;

/** Characters. Enough to see what kind of text it is. */
const BEGINNING = 1_000;

/** Reads base64 in any of its forms: with line breaks, URL-safe, or in a data URL. Undefined for other text. */
export function readBase64(text: string): Base64 | undefined {
	const trimmed = text.trimStart();
	const [prefix, mimeType, isBase64] = DATA_URL.exec(trimmed.slice(0, BEGINNING)) ?? [];
	if (prefix === undefined) return decodable(trimmed);
	const rest = percentDecoded(trimmed.slice(prefix.length));
	if (rest === undefined) return undefined;
	const read = isBase64 ? decodable(rest) : encoded(rest);
	return read && { ...read, ...(mimeType && { mimeType }) };
}

function decodable(text: string): Base64 | undefined {
	const plain = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
	if (plain === '') return { base64: '', size: 0 };
	if (NO_VALUE.test(plain) || HEXADECIMAL.test(plain.slice(0, BEGINNING))) return undefined;
	if (!ALPHABET.test(plain) && !URL_ALPHABET.test(plain)) return undefined;
	const digits = plain.replace(/=+$/, '');
	const isWhole = plain.length % 4 === 0;
	const isUnpadded = plain === digits && plain.length >= MIN_LENGTH_UNPADDED;
	if (digits.length % 4 === 1 || (!isWhole && !isUnpadded)) return undefined;
	return {
		base64: plain.replaceAll('-', '+').replaceAll('_', '/'),
		size: Math.floor((digits.length * 3) / 4),
	};
}

function encoded(text: string): Base64 {
	const bytes = Buffer.from(text);
	return { base64: bytes.toString('base64'), size: bytes.length };
}

function percentDecoded(text: string): string | undefined {
	try {
		return text.includes('%') ? decodeURIComponent(text) : text;
	} catch {
		return undefined;
	}
}
