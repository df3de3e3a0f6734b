import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../json';

/** Keys that Cobalt spells in several ways (docs/api-notes.md), by the spelling that is passed on. */
const ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
	['mrn', ['patient_mrn']],
	['datetime', ['date_time', 'appointment_datetime']],
	['dob', ['date_of_birth', 'patient_dob']],
	['sex', ['patient_sex', 'patient_gender']],
]);

/** The reverse: the spelling that is passed on, by Cobalt's. */
const NAMES: ReadonlyMap<string, string> = new Map(
	[...ALIASES].flatMap(([name, spellings]) => spellings.map((spelling) => [spelling, name])),
);

/** The name of a field in the spelling that is passed on. */
export const canonicalName = (name: string): string => NAMES.get(name) ?? name;

/**
 * What a simplified item keeps of a record, in this order. Each is the name of a field, or a name with
 * Cobalt's other names for it: `['appointment_id', 'id']` passes on `id` as `appointment_id`. The spellings
 * of {@link canonicalName} need not be listed.
 */
export type Simplified = ReadonlyArray<string | readonly [name: string, ...spellings: string[]]>;

/** The names under which fields are passed on. */
export const namesOf = (fields: Simplified): string[] =>
	fields.map((field) => (typeof field === 'string' ? field : field[0]));

/** A record in one spelling, at every depth. Fields that Cobalt did not send are left out. */
export function simplifyKeys(record: IDataObject, fields: Simplified | 'all'): IDataObject {
	if (fields === 'all') return respellFields(record);
	return Object.fromEntries(
		fields.flatMap((field) => {
			const [name, ...spellings] = typeof field === 'string' ? [field] : field;
			const spelled = [name, ...spellings, ...(ALIASES.get(name) ?? [])];
			const values = spelled.map((spelling) => record[spelling]).filter(isSent);
			const value = values.find((sent) => sent !== null) ?? values[0];
			return value === undefined ? [] : [[name, respell(value)]];
		}),
	) as IDataObject;
}

const isSent = (value: unknown) => value !== undefined;

function respell(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(respell);
	return isObject(value) ? respellFields(value as IDataObject) : value;
}

function respellFields(record: IDataObject): IDataObject {
	return Object.fromEntries(
		Object.entries(record).flatMap(([key, value]) => {
			const name = spellingFor(record, key);
			return name === undefined ? [] : [[name, respell(value)]];
		}),
	) as IDataObject;
}

/**
 * The new name of a field. If several spellings have a value, the first gets the name and the others keep
 * theirs; those without a value are left out (undefined).
 */
function spellingFor(record: IDataObject, key: string): string | undefined {
	const name = canonicalName(key);
	const spellings = ALIASES.get(name);
	if (spellings === undefined) return key;
	const present = [name, ...spellings].filter((each) => Object.hasOwn(record, each));
	const best = present.find((each) => record[each] !== null) ?? present[0];
	if (key === best) return name;
	return record[key] === null ? undefined : key;
}
