import type { IDataObject } from 'n8n-workflow';

import { firstText } from '../../shared/json';
import { nameKey } from './nameKey';

/** What makes two patients the same: their names and birth dates, or these and all other given fields. */
export type MatchBy = 'nameAndBirthDate' | 'allGivenFields';

/** The patients in a list who may be the wanted one. */
export interface PatientMatches {
	/** The same person. */
	certain: IDataObject[];
	/** The same name, with a birth date that is missing or cannot be read. */
	uncertain: IDataObject[];
}

/** Status of a patient whom Cobalt could not create in the EHR. */
const NOT_IN_EHR = 'failed';

const digits = (text: string): string => text.replace(/\D/g, '').slice(-10);

const lowerCase = (text: string): string => text.trim().toLowerCase();

/** Fields of Cobalt's list that can tell two people of one name and birth date apart. */
const FURTHER_FIELDS: ReadonlyArray<[key: string, normalize: (text: string) => string]> = [
	['phone', digits],
	['cell_phone', digits],
	['email', lowerCase],
	['sex', lowerCase],
];

/** Identifies a person by name and birth date, however the name is written. */
export function personKey(values: Readonly<Record<string, unknown>>): string {
	const names = ['first_name', 'last_name'].map((key) => nameKey(firstText(values[key]) ?? ''));
	return JSON.stringify([...names, birthDateOf(values)]);
}

/**
 * Finds a person in a list of patients. Names are compared as a whole, never a part of one.
 *
 * @param wanted the fields of a new patient, by Cobalt's names
 * @param records as Cobalt's list has them; one that comes twice counts once
 */
export function matchPatients(
	wanted: Readonly<Record<string, unknown>>,
	records: readonly IDataObject[],
	matchBy: MatchBy,
): PatientMatches {
	const birthDate = birthDateOf(wanted);
	const candidates = distinct(records).filter(
		(record) =>
			isSameName(wanted, record) &&
			record.status !== NOT_IN_EHR &&
			(matchBy === 'nameAndBirthDate' || !isContradicted(wanted, record)),
	);
	return {
		certain: candidates.filter((record) => birthDateOf(record) === birthDate),
		uncertain: candidates.filter((record) => birthDateOf(record) === undefined),
	};
}

function isSameName(
	one: Readonly<Record<string, unknown>>,
	other: Readonly<Record<string, unknown>>,
): boolean {
	return ['first_name', 'last_name'].every((field) => {
		const key = nameKey(firstText(one[field]) ?? '');
		return key !== '' && key === nameKey(firstText(other[field]) ?? '');
	});
}

/** Whether a field that both have says that they are two people. */
function isContradicted(wanted: Readonly<Record<string, unknown>>, record: IDataObject): boolean {
	return FURTHER_FIELDS.some(([key, normalize]) => {
		const [given = '', known = ''] = [wanted[key], record[key]].map((value) =>
			normalize(firstText(value) ?? ''),
		);
		return given !== '' && known !== '' && given !== known;
	});
}

/** As `YYYY-MM-DD`; undefined if there is none, or in a form that Cobalt does not document. */
function birthDateOf({ dob, date_of_birth }: Readonly<Record<string, unknown>>) {
	const text = firstText(dob, date_of_birth) ?? '';
	return /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(text)?.[0];
}

/** Without repetitions: lists shift while they are read. Records without an id are kept as they are. */
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
