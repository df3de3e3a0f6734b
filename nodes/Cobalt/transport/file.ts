type Headers = Readonly<Record<string, unknown>>;

/** What the API, or something in its place, answers with when there is no file. */
const NOT_A_FILE = /^(application\/json|text\/html)\b/i;

/** Whether an answer is a file: any type counts when the answer says that it is to be saved. */
export function isFile(status: number, headers: Headers): boolean {
	if (status < 200 || status >= 300) return false;
	return (
		textOf(headers, 'content-disposition') !== '' ||
		!NOT_A_FILE.test(textOf(headers, 'content-type'))
	);
}

/**
 * The file's name in a `Content-Disposition` (RFC 6266): the encoded form where there is one. Without
 * folders, and without what no file system takes.
 */
export function fileNameOf(headers: Headers): string | undefined {
	const disposition = textOf(headers, 'content-disposition');
	const [, encoded] = /;\s*filename\*\s*=\s*UTF-8'[^']*'([^\s;]+)/i.exec(disposition) ?? [];
	const [, quoted, bare] =
		/;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(disposition) ?? [];
	const plain = quoted?.replace(/\\(.)/g, '$1') ?? bare;
	const name = (decoded(encoded) ?? plain)?.split(/[/\\]/).at(-1);
	const safe = name?.replace(/[\p{Cc}<>:"|?*]/gu, '_').trim();
	return safe === '' || safe === '.' || safe === '..' ? undefined : safe;
}

function decoded(encoded: string | undefined): string | undefined {
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
