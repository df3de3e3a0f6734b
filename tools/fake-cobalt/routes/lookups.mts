import { Refusal } from '../server/response.mts';
import { patientWith } from '../tasks/patients.mts';
import type { Ehr, Patient } from '../world/ehr.mts';

/** Refuses with the documented 404 when nothing was found. */
export function found<T>(record: T | undefined, what: string): T {
	if (record === undefined) throw new Refusal(404, `${what} not found.`);
	return record;
}

/** The patient of a submission. @throws {Refusal} 404 for an unknown MRN */
export function knownPatient(ehr: Ehr, mrn: string | undefined): Patient {
	return found(patientWith(ehr, mrn), 'Patient');
}

interface Given {
	locations?: readonly (string | undefined)[];
	providers?: readonly (string | undefined)[];
	staff?: readonly (string | undefined)[];
	referringProviders?: readonly (string | undefined)[];
}

/** Their names in refusals. `User not found.` is documented; of the others only the status is. */
const called = {
	locations: 'Location',
	providers: 'Provider',
	staff: 'User',
	referringProviders: 'Referring provider',
} as const;

/** Refuses unknown EHR ids, Cobalt ids among them. */
export function checkEhrIds(ehr: Ehr, given: Given): void {
	for (const kind of Object.keys(called) as (keyof Given)[]) {
		for (const id of given[kind] ?? []) {
			if (id === undefined) continue;
			const known: { ehr_id: string | null }[] = ehr[kind];
			found(
				known.find(({ ehr_id }) => ehr_id === id),
				called[kind],
			);
		}
	}
}

/** Refuses unknown Cobalt ids, EHR ids among them. */
export function checkCobaltId(
	known: readonly { id: string }[],
	wanted: string | undefined,
	what: string,
): void {
	if (wanted === undefined) return;
	found(
		known.find(({ id }) => id === wanted),
		what,
	);
}

/** Some operations exist in one EHR only. The wording is documented for one of them. */
export function requireEClinicalWorks({ settings }: Ehr, what: string): void {
	if (settings.emr === 'eClinicalWorks') return;
	const message = `${what} is not supported for ${settings.emr}. Currently supported: eClinicalWorks.`;
	throw new Refusal(400, message);
}

/** Whether a text contains a part, ignoring case. Without a part everything matches. */
export function contains(whole: string | null, part: string | undefined): boolean {
	return part === undefined || (whole ?? '').toLowerCase().includes(part.toLowerCase());
}

/** Phone numbers are written in several ways: only their digits count. */
export function isSamePhone(phone: string | null | undefined, wanted: string | undefined): boolean {
	const digitsOf = (value: string) => value.replace(/\D/g, '');
	return wanted === undefined || digitsOf(phone ?? '') === digitsOf(wanted);
}

/** Whether a day is in a range whose ends may be left open. */
export function isWithin(
	date: string,
	{ start_date, end_date }: { start_date?: string; end_date?: string },
): boolean {
	return date >= (start_date ?? date) && date <= (end_date ?? date);
}
