import { getGlobalState, tryToParseDateTime } from 'n8n-workflow';

import { InvalidValueError, type Parser } from './parser';
import { line } from './text';

/** What n8n stores for "the instance's timezone" when a workflow is saved through its API. */
const UNSET = /^(default)?$/i;

/** Luxon resolves these to the zone of the process, which is not the one that n8n is configured with. */
const ZONE_OF_PROCESS = /^(default|local|system)$/i;

/**
 * IANA name of a workflow's timezone: its own, or n8n's if it has none. It is not checked, because most
 * operations do not need it: see {@link requireTimezone}.
 */
export function workflowTimezone(context: { getTimezone(): string }): string {
	const chosen = context.getTimezone().trim();
	return UNSET.test(chosen) ? getGlobalState().defaultTimezone : chosen;
}

/** @throws InvalidValueError for a workflow's timezone that does not exist */
export function requireTimezone(timezone: string): void {
	if (isTimezone(timezone)) return;
	throw new InvalidValueError(
		"is a time in the workflow's timezone, which is not valid",
		`Choose a timezone in the workflow's settings: it is set to '${timezone}', which n8n does not know.`,
	);
}

/** A timezone by its IANA name. */
export const timezoneName: Parser<string> = (value, context) => {
	const name = line(value, context);
	if (name === undefined || isTimezone(name)) return name;
	throw new InvalidValueError('is not a timezone', 'Enter a name such as America/New_York.');
};

/** Whether n8n knows a timezone of this name. */
export function isTimezone(name: string): boolean {
	if (ZONE_OF_PROCESS.test(name)) return false;
	try {
		// n8n's parser throws if Luxon does not know the zone.
		tryToParseDateTime('2000-01-01T00:00:00', name);
		return true;
	} catch {
		return false;
	}
}
