import { digest } from '../../shared/events/eventKey';
import type { TriggerSettings } from '../settings';

const digestOfAll = (values: unknown[]): string => digest(JSON.stringify(values), 22);

/** Identifies what a trigger reads from the log. With another filter, a position in the log may be outdated. */
export function filterDigest(settings: TriggerSettings): string {
	const { mode, types, source, clinics, changedFields } = settings;
	return digestOfAll([mode, types, source, clinics, changedFields]);
}

/** Identifies the time that a trigger starts from, as it was entered; '' if there is none. */
export function startFromDigest({ startFrom, startFromAsEntered }: TriggerSettings): string {
	return startFrom === undefined ? '' : digestOfAll([startFromAsEntered]);
}
