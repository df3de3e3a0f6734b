type Headers = Readonly<Record<string, unknown>>;

/** What the API, or something in its place, answers with when there is no file. */
const NOT_A_FILE = /^(application\/json|text\/html)\b/i;

/** Whether an answer is a file: any type counts when the answer says that it is to be saved. */
export function isFile(status: number, headers: Headers): boolean {
	if (status !== 200) return false;
	return (
		textOf(headers, 'content-disposition') !== '' ||
		!NOT_A_FILE.test(textOf(headers, 'content-type'))
	);
}

/** A parameter of a header: a name, and a value that may be quoted (RFC 9110, 5.6.6). */
const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;]+)/g;

/** What no file system takes, and what makes a name read as another one (text that turns around). */
const UNFIT = /[\p{Cc}<>:"|?*\u202a-\u202e\u2066-\u2069]/gu;

const LONGEST_NAME = 200;

/**
 * The file's name in a `Content-Disposition` (RFC 6266): the encoded form where there is one. Without
 * folders, and without what no file system takes.
 */
export function fileNameOf(headers: Headers): string | undefined {
	const parameters = new Map<string, string>();
	for (const [, name = '', value = ''] of textOf(headers, 'content-disposition').matchAll(
		PARAMETER,
	)) {
		parameters.set(name.toLowerCase(), value);
	}
	return (
		safeName(decoded(parameters.get('filename*'))) ?? safeName(unquoted(parameters.get('filename')))
	);
}

function safeName(name: string | undefined): string | undefined {
	const base = name?.split(/[/\\]/).at(-1);
	const safe = base?.replace(UNFIT, '_').slice(-LONGEST_NAME).trim();
	return safe === '' || safe === '.' || safe === '..' ? undefined : safe;
}

function unquoted(value: string | undefined): string | undefined {
	return value?.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}

/** `UTF-8'language'percent-encoded` (RFC 8187). */
function decoded(value: string | undefined): string | undefined {
	const [, encoded] = /^UTF-8'[^']*'(.+)$/i.exec(value ?? '') ?? [];
	try {
		return encoded === undefined ? undefined : decodeURIComponent(encoded);
	} catch {
		return undefined;
	}
}

function textOf(headers: Headers, name: string): string {
	const value = headers[name];
	return typeof value === 'string' ? value : '';
}
