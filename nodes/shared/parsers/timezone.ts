import { getGlobalState, tryToParseDateTime } from 'n8n-workflow';

import { InvalidValueError } from './parser';

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
		"is a time in the workflow's timezone, and that does not exist",
		`Choose a timezone in the workflow's settings: it is set to '${timezone}', which n8n does not know.`,
	);
}

function isTimezone(name: string): boolean {
	if (ZONE_OF_PROCESS.test(name)) return false;
	try {
		// n8n's parser throws if Luxon does not know the zone.
		tryToParseDateTime('2000-01-01T00:00:00', name);
		return true;
	} catch {
		return false;
	}
}
