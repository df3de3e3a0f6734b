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

/**
 * Characters outside of the two alphabets. To search for one takes no stack, as the repetition in `^[…]+$` does for
 * each character: in a large process, V8 no longer optimizes new expressions, and a file of 16 MB overflows it.
 */
const NOT_IN_ALPHABET = /[^A-Za-z\d+/]/;

const NOT_IN_URL_ALPHABET = /[^A-Za-z\d_-]/;

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
	const plain = /\s/.test(text) ? text.replace(/\s/g, '') : text;
	if (plain === '') return { base64: '', size: 0 };
	if (NO_VALUE.test(plain) || HEXADECIMAL.test(plain.slice(0, BEGINNING))) return undefined;
	const digits = plain.replace(/={1,2}$/, '');
	if (digits === '') return undefined;
	if (NOT_IN_ALPHABET.test(digits) && NOT_IN_URL_ALPHABET.test(digits)) return undefined;
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
