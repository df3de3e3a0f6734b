/** The cleanup that is still to be done when this process ends. */
const endings = new Set<() => void>();

/** The signals of a terminal, a test runner or the system: Node would end without running cleanups. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Registers a cleanup for the case that this process ends early, by Ctrl-C or an aborted test.
 *
 * @param ending synchronous
 * @returns a function that unregisters it, once it was done the ordinary way
 */
export function atOurEnd(ending: () => void): () => void {
	listen();
	endings.add(ending);
	return () => endings.delete(ending);
}

let isListening = false;

function listen(): void {
	if (isListening) return;
	isListening = true;
	process.once('exit', () => {
		// Last in, first out: a program is ended before its folder is removed.
		for (const ending of [...endings].reverse()) ending();
	});
	for (const signal of SIGNALS) process.once(signal, () => process.exit(1));
}
