import { getGlobalState, tryToParseDateTime } from 'n8n-workflow';

import { InvalidValueError } from './parser';

/** n8n stores this for "n8n's own" when a workflow comes by its API, and its scheduler reads it so. */
const UNSET = /^(default)?$/i;

/** Luxon takes these for the zone of the process, which is not the one that n8n is set to. */
const ZONE_OF_PROCESS = /^(default|local|system)$/i;

/**
 * IANA name of the timezone that a workflow's times are in: its own, or n8n's where it has none. Not
 * checked, because most operations need none: see {@link requireTimezone}.
 */
export function workflowTimezone(context: { getTimezone(): string }): string {
	const chosen = context.getTimezone().trim();
	return UNSET.test(chosen) ? getGlobalState().defaultTimezone : chosen;
}

/** @throws InvalidValue for a workflow's timezone that does not exist */
export function requireTimezone(timezone: string): void {
	if (isTimezone(timezone)) return;
	throw new InvalidValueError(
		"is a time in the workflow's timezone, and that does not exist",
		`Choose a timezone in the workflow's settings: it is set to '${timezone}', which n8n does not know.`,
	);
}

function isTimezone(name: string): boolean {
	if (ZONE_OF_PROCESS.test(name)) return false;
	try {
		// n8n's parser throws where Luxon knows no such zone.
		tryToParseDateTime('2000-01-01T00:00:00', name);
		return true;
	} catch {
		return false;
	}
}
