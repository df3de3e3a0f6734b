/** What is still to be done when this process ends. */
const endings = new Set<() => void>();

/** As which a terminal, a test runner or a system asks us to end. Node would do so without a word. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Has something done when this process ends before it could be done in the ordinary way: a test that breaks
 * off, or Ctrl-C.
 *
 * @param ending cannot wait for anything
 * @returns takes it back, when it was done
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
		// A program is ended before its folder is removed, for it came later.
		for (const ending of [...endings].reverse()) ending();
	});
	for (const signal of SIGNALS) process.once(signal, () => process.exit(1));
}
