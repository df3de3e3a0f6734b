/** The event types that end the jobs of an operation, as far as Cobalt documents them. */
export interface TerminalEvents {
	completed: readonly string[];
	failed: readonly string[];
}

/** For operations without documented event types, and for jobs known only by their ids. */
export const UNDOCUMENTED_EVENTS: TerminalEvents = { completed: [], failed: [] };
