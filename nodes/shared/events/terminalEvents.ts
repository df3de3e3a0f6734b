/** Which event types end the jobs of an operation, as far as Cobalt documents them. */
export interface TerminalEvents {
	completed: readonly string[];
	failed: readonly string[];
}

/** For a job of which nothing but the id is known, and where no event names are documented. */
export const UNDOCUMENTED_EVENTS: TerminalEvents = { completed: [], failed: [] };
