import { Refusal } from '../answer.mts';
import type { Ehr } from '../ehr.mts';

/** Refuses an EHR id that the account does not have: 404 for both (cobalt-api.md 1.1). */
export function checkEhrIds(
	ehr: Ehr,
	given: { locations?: (string | undefined)[]; providers?: (string | undefined)[] },
): void {
	const isUnknown = (known: { ehr_id: string }[]) => (id: string | undefined) =>
		id !== undefined && !known.some(({ ehr_id }) => ehr_id === id);
	if (given.locations?.some(isUnknown(ehr.locations))) {
		throw new Refusal(404, 'Location not found.');
	}
	if (given.providers?.some(isUnknown(ehr.providers))) {
		throw new Refusal(404, 'Provider not found.');
	}
}

/** Case-insensitive search for a part, as names are searched. Without a part everything matches. */
export function contains(whole: string | null, part: string | undefined): boolean {
	return part === undefined || (whole ?? '').toLowerCase().includes(part.toLowerCase());
}

/** Phone numbers are written in several ways (cobalt-api.md 6): only their digits count. */
export function isSamePhone(phone: string | null | undefined, wanted: string | undefined): boolean {
	const digitsOf = (value: string) => value.replace(/\D/g, '');
	return wanted === undefined || digitsOf(phone ?? '') === digitsOf(wanted);
}
