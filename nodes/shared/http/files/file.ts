import { baseName } from './fileName';

type Headers = Readonly<Record<string, unknown>>;

/** Content types of responses without a file, from the API or something in between. */
const NOT_A_FILE = /^(application\/json|text\/html)\b/i;

/** Whether a response is a file. With a `Content-Disposition`, any content type counts. */
export function isFile(status: number, headers: Headers): boolean {
	if (status !== 200) return false;
	return (
		textOf(headers, 'content-disposition') !== '' ||
		!NOT_A_FILE.test(textOf(headers, 'content-type'))
	);
}

/** A header parameter: a name and a value, which may be quoted (RFC 9110, 5.6.6) or contain spaces. */
const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]+)/g;

/** Characters that some file system rejects. {@link baseName} removes the ones that no name has. */
const UNFIT = /[<>:"|?*]/g;

/**
 * The file name in a `Content-Disposition` (RFC 6266), from its encoded form if there is one. Folders and
 * characters that file systems reject are removed.
 */
export function fileNameOf(headers: Headers): string | undefined {
	const parameters = new Map<string, string>();
	const disposition = inUtf8(textOf(headers, 'content-disposition'));
	for (const [, name = '', value = ''] of disposition.matchAll(PARAMETER)) {
		parameters.set(name.toLowerCase(), unquoted(value.trim()));
	}
	const plain = parameters.get('filename');
	return (
		safeName(decoded(parameters.get('filename*'))) ??
		safeName(plain === undefined ? undefined : withoutEncodedWords(plain))
	);
}

function safeName(name: string | undefined): string | undefined {
	return baseName(baseName(name)?.replace(UNFIT, '_'));
}

/** Only quotes and backslashes are escaped. A backslash before anything else belongs to a path. */
function unquoted(value: string): string {
	return value.startsWith('"') ? value.slice(1, -1).replace(/\\(["\\])/g, '$1') : value;
}

/** `UTF-8'language'percent-encoded` (RFC 8187), in any charset. */
function decoded(value = ''): string | undefined {
	const [, charset, text = ''] = /^([\w-]+)'[^']*'(.+)$/.exec(value) ?? [];
	const isBroken = charset === undefined || /%(?![\da-f]{2})/i.test(text);
	return isBroken ? undefined : read(unescaped(text, /%([\da-f]{2})/gi), charset);
}

/** `=?UTF-8?B?…?=` and `=?UTF-8?Q?…?=` (RFC 2047): meant for email, but some servers send file names so. */
function withoutEncodedWords(text: string): string {
	return text
		.replace(/(\?=)\s+(?==\?)/g, '$1')
		.replace(
			/=\?([\w-]+)\?([BQ])\?([^?]*)\?=/gi,
			(word, charset: string, encoding: string, encoded: string) => {
				const bytes =
					encoding.toUpperCase() === 'B'
						? Buffer.from(encoded, 'base64').toString('latin1')
						: unescaped(encoded.replaceAll('_', ' '), /=([\da-f]{2})/gi);
				return read(bytes, charset) ?? word;
			},
		);
}

/** @param escape matches the escapes, with their two hexadecimal digits as the group */
function unescaped(text: string, escape: RegExp): string {
	return text.replace(escape, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

/** Node decodes header bytes as Latin-1, but many servers write UTF-8. */
function inUtf8(header: string): string {
	return read(header, 'utf-8') ?? header;
}

/** @param bytes as characters up to U+00FF. The result is undefined if they are not in this charset. */
function read(bytes: string, charset: string): string | undefined {
	if (/[^\0-\xff]/.test(bytes)) return undefined;
	try {
		return new TextDecoder(charset, { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
	} catch {
		return undefined;
	}
}

function textOf(headers: Headers, name: string): string {
	const value = headers[name];
	return typeof value === 'string' ? value : '';
}
