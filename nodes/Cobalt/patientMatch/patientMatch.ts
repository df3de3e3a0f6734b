import type { IDataObject } from 'n8n-workflow';

import { firstText } from '../../shared/json';
import { nameKey } from './nameKey';

/**
 * Which fields two records of the same patient share: name and birth date, or these and all other given
 * fields.
 */
export type MatchBy = 'nameAndBirthDate' | 'allGivenFields';

/** A patient's fields, by Cobalt's names for them. */
export type Person = Readonly<Record<string, unknown>>;

/** What a list says about a wanted patient. `ambiguous`: several match, or it is not certain that one does. */
export type PatientMatch =
	| { status: 'found'; patient: IDataObject }
	| { status: 'ambiguous'; patients: IDataObject[] }
	| { status: 'none' };

/** The patients in a list who may be the wanted one. */
interface PatientMatches {
	/** The same person. */
	certain: IDataObject[];
	/** The same name, with a birth date that is missing or cannot be read. */
	uncertain: IDataObject[];
}

/** Status of a patient whom Cobalt could not create in the EHR. */
const NOT_IN_EHR = 'failed';

const digits = (text: string): string => text.replace(/\D/g, '').slice(-10);

const lowerCase = (text: string): string => text.trim().toLowerCase();

/** The first letter of a value; '' for "unknown". */
const initial = (text: string): string => lowerCase(text).slice(0, 1).replace('u', '');

/** Fields of Cobalt's list that can tell apart two people with the same name and birth date. */
const FURTHER_FIELDS: ReadonlyArray<[key: string, normalize: (text: string) => string]> = [
	['phone', digits],
	['cell_phone', digits],
	['email', lowerCase],
	['sex', initial],
];

/** Identifies a person by name and birth date, however the name is written. */
export function personKey(person: Person): string {
	const names = ['first_name', 'last_name'].map((key) => nameKey(firstText(person[key]) ?? ''));
	return JSON.stringify([...names, birthDateOf(person)]);
}

/** Identifies a person by everything that counts for a match. */
export function matchKey(person: Person): string {
	const further = matchByOf(person) === 'allGivenFields' ? [...furtherFieldsOf(person)] : [];
	return JSON.stringify([personKey(person), further]);
}

/** The user's choice of what makes a match. */
export function matchByOf({ match_by: chosen }: Person): MatchBy {
	return chosen === 'allGivenFields' ? chosen : 'nameAndBirthDate';
}

/** Fields besides name and birth date that can tell two people apart, normalized, without empty ones. */
export function furtherFieldsOf(person: Person): Map<string, string> {
	const fields = FURTHER_FIELDS.map(
		([key, normalize]) => [key, normalize(firstText(person[key]) ?? '')] as const,
	);
	return new Map(fields.filter(([, value]) => value !== ''));
}

/** Whether a field that both have shows that they are two different people. */
export function isContradicted<Value>(
	one: ReadonlyMap<string, Value>,
	other: ReadonlyMap<string, Value>,
): boolean {
	return [...one].some(([key, value]) => (other.get(key) ?? value) !== value);
}

/** Finds a person in a list of patients. See {@link matchPatients}. */
export function matchPatient(
	wanted: Person,
	records: readonly IDataObject[],
	matchBy: MatchBy,
): PatientMatch {
	const { certain, uncertain } = matchPatients(wanted, records, matchBy);
	const patients = [...certain, ...uncertain];
	const [patient] = certain;
	if (patient && patients.length === 1) return { status: 'found', patient };
	return patients.length > 0 ? { status: 'ambiguous', patients } : { status: 'none' };
}

/** The patients that a match is about. */
export function patientsOf(match: PatientMatch): IDataObject[] {
	if (match.status === 'ambiguous') return match.patients;
	return match.status === 'found' ? [match.patient] : [];
}

/**
 * Finds those in a list of patients who are, or may be, a person. Names are compared as a whole, never a part of one.
 *
 * @param records as Cobalt's list returns them; a repeated one counts once
 */
export function matchPatients(
	wanted: Person,
	records: readonly IDataObject[],
	matchBy: MatchBy,
): PatientMatches {
	const birthDate = birthDateOf(wanted);
	const given = furtherFieldsOf(wanted);
	const candidates = distinct(records).filter(
		(record) =>
			isSameName(wanted, record) &&
			record.status !== NOT_IN_EHR &&
			(matchBy === 'nameAndBirthDate' || !isContradicted(given, furtherFieldsOf(record))),
	);
	return {
		certain: candidates.filter((record) => birthDateOf(record) === birthDate),
		uncertain: candidates.filter((record) => birthDateOf(record) === undefined),
	};
}

function isSameName(one: Person, other: Person): boolean {
	return ['first_name', 'last_name'].every((field) => {
		const key = nameKey(firstText(one[field]) ?? '');
		return key !== '' && key === nameKey(firstText(other[field]) ?? '');
	});
}

/** As `YYYY-MM-DD`; undefined if it is missing, or in a form that Cobalt does not document. */
function birthDateOf({ dob, date_of_birth }: Person): string | undefined {
	const text = firstText(dob, date_of_birth) ?? '';
	return /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(text)?.[0];
}

/** Drops repeated records, since lists shift while they are read. Records without an id are all kept. */
function distinct(records: readonly IDataObject[]): IDataObject[] {
	const known = new Set<string>();
	return records.filter(({ mrn, ehr_id, id }) => {
		const key = firstText(mrn, ehr_id, id);
		if (key === undefined) return true;
		const isNew = !known.has(key);
		known.add(key);
		return isNew;
	});
}
