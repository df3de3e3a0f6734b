/**
 * Control characters, lone surrogates, line separators, and marks that reverse the direction of text (which
 * make a name look like another). No name has them, and some could end a header.
 */
const NOT_IN_NAMES = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** In UTF-8. File systems allow 255. */
const MAX_NAME_BYTES = 200;

/** Contains a letter, so that the end of `visit 2.5` or `12.03.2025` does not count. */
const EXTENSION = /\.(?=\d*[a-z])[a-z\d]{1,10}$/i;

/** File types that are common in patient records. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
	['application/dicom', 'dcm'],
	['application/json', 'json'],
	['application/msword', 'doc'],
	['application/pdf', 'pdf'],
	['application/rtf', 'rtf'],
	['application/vnd.ms-excel', 'xls'],
	['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
	['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
	['application/xml', 'xml'],
	['application/zip', 'zip'],
	['image/bmp', 'bmp'],
	['image/gif', 'gif'],
	['image/heic', 'heic'],
	['image/jpeg', 'jpg'],
	['image/png', 'png'],
	['image/tiff', 'tif'],
	['image/webp', 'webp'],
	['text/csv', 'csv'],
	['text/html', 'html'],
	['text/plain', 'txt'],
	['text/rtf', 'rtf'],
	['text/xml', 'xml'],
]);

const ANY_TYPE = 'application/octet-stream';

/** The last part of a name that may have folders; undefined if nothing is left that can be a name. */
export function baseName(name: string | undefined): string | undefined {
	const last = name?.trim().split(/[/\\]/).at(-1) ?? '';
	const base = lastBytes(last.replace(NOT_IN_NAMES, '_')).trim();
	return base === '' || base === '.' || base === '..' ? undefined : base;
}

/** A name with an extension: its own, else the given one, else that of the MIME type. */
export function withExtension(name: string, mimeType: string, given = ''): string {
	if (EXTENSION.test(name)) return name;
	const known = `.${given.replace(/^\./, '')}`;
	const extension = EXTENSION.test(known) ? known.slice(1) : EXTENSIONS.get(essence(mimeType));
	return extension === undefined ? name : `${name}.${extension}`;
}

/** The MIME type to send for a file. Parameters are dropped, except for text; there is always a type. */
export function typeToSend(mimeType: string | undefined, name: string): string {
	const type = essence(mimeType ?? '');
	if (/^text\/[\w.+-]+$/.test(type)) return (mimeType ?? '').trim();
	if (/^[\w.+-]+\/[\w.+-]+$/.test(type) && type !== ANY_TYPE) return type;
	const extension = EXTENSION.exec(name)?.[0].slice(1).toLowerCase();
	const [known] = [...EXTENSIONS].find(([, each]) => each === extension) ?? [];
	return known ?? ANY_TYPE;
}

/** `Text/CSV; charset=utf-8` → `text/csv`. */
function essence(mimeType: string): string {
	return (mimeType.split(';')[0] ?? '').trim().toLowerCase();
}

/** The end of a text, with whole characters. */
function lastBytes(text: string): string {
	const characters = [...text].reverse();
	let bytes = 0;
	const end = characters.findIndex((character) => {
		bytes += Buffer.byteLength(character);
		return bytes > MAX_NAME_BYTES;
	});
	return end === -1 ? text : characters.slice(0, end).reverse().join('');
}
