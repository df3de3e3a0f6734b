/** The `bugs` address of package.json. */
export const ISSUES_URL = 'https://github.com/n8n-nodes-cobalt/n8n-nodes-cobalt/issues';

/** What to do about an error that this node did not foresee. */
export const REPORT_IT = `This is a bug in the node. Report it with the code in brackets, and without patient data, at ${ISSUES_URL}.`;

/** An identifier, such as `TypeError` or `ERR_INVALID_ARG_TYPE`, cannot be patient data. */
const IDENTIFIER = /^[A-Za-z][A-Za-z_]{0,40}$/;

/** Matches a line of a stack trace in this package's code. */
const OWN_PLACE =
	/^\s+at .*[/\\]nodes[/\\]((?:Cobalt|CobaltTrigger|shared)[/\\][\w/\\.]+:\d+):\d+\)?$/;

/**
 * Describes an unforeseen error for a bug report by its class, its code and the first line of this package
 * in its stack. Its message may contain patient data and is left out.
 */
export function describeUnforeseen(error: unknown): string {
	return `something unexpected happened in the node (${codeOf(error)})`;
}

function codeOf(error: unknown): string {
	if (!(error instanceof Error)) return typeof error;
	const { name, code, message, stack = '' } = error as Error & { code?: unknown };
	const classes = [name, code].filter(
		(text): text is string => typeof text === 'string' && IDENTIFIER.test(text),
	);
	// The stack begins with the message, which may have several lines.
	const frames = stack.slice(stack.indexOf(message) + message.length).split('\n');
	const place = frames.flatMap((frame) => OWN_PLACE.exec(frame)?.[1] ?? [])[0];
	return [...classes, ...(place === undefined ? [] : [place])].join(', ') || 'Error';
}
