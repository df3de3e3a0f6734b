import { engineLogger } from './n8n.mts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** A line of n8n's log. */
export interface LogLine {
	level: (typeof LEVELS)[number];
	message: string;
	metadata?: object;
}

const lines: LogLine[] = [];

for (const level of LEVELS) {
	// n8n's own method is not called: it is silent here, and yet would look up its caller for each line.
	engineLogger[level] = (message, metadata) => {
		lines.push({ level, message, metadata });
	};
}

// n8n's own parts write through named child loggers.
engineLogger.scoped = () => engineLogger;

/** Starts to listen. @returns a function that gives the lines since then, of the nodes and of the engine */
export function listenToLog(): () => LogLine[] {
	const start = lines.length;
	return () => lines.slice(start);
}
