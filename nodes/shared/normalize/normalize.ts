import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../json';

/** Cobalt's other names for a field, by its output name. */
const ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
	['mrn', ['patient_mrn']],
	['datetime', ['date_time', 'appointment_datetime']],
	['dob', ['date_of_birth', 'patient_dob']],
	['sex', ['patient_sex', 'patient_gender']],
]);

/** The reverse: output names by Cobalt's names. */
const NAMES: ReadonlyMap<string, string> = new Map(
	[...ALIASES].flatMap(([name, aliases]) => aliases.map((alias) => [alias, name])),
);

/** The output name of a field. */
export const canonicalName = (name: string): string => NAMES.get(name) ?? name;

/**
 * The fields of a simplified item, in this order. Each is a field name, or an output name with Cobalt's other
 * names for it: `['appointment_id', 'id']` outputs `id` as `appointment_id`. Names that {@link canonicalName}
 * knows need not be listed.
 */
export type Simplified = ReadonlyArray<string | readonly [name: string, ...aliases: string[]]>;

/** The output names of fields. */
export const namesOf = (fields: Simplified): string[] =>
	fields.map((field) => (typeof field === 'string' ? field : field[0]));

/** A record with output names at every depth. Fields that Cobalt did not send are left out. */
export function simplifyKeys(record: IDataObject, fields: Simplified | 'all'): IDataObject {
	if (fields === 'all') return respellFields(record);
	return Object.fromEntries(
		fields.flatMap((field) => {
			const [name, ...aliases] = typeof field === 'string' ? [field] : field;
			const keys = [name, ...aliases, ...(ALIASES.get(name) ?? [])];
			const values = keys.map((key) => record[key]).filter(isSent);
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
			const name = outputNameFor(record, key);
			return name === undefined ? [] : [[name, respell(value)]];
		}),
	) as IDataObject;
}

/**
 * The output name for a key of a record. If several of a field's keys have a value, the first gets the output
 * name and the others keep theirs; undefined for one without a value, which is left out.
 */
function outputNameFor(record: IDataObject, key: string): string | undefined {
	const name = canonicalName(key);
	const aliases = ALIASES.get(name);
	if (aliases === undefined) return key;
	const present = [name, ...aliases].filter((each) => Object.hasOwn(record, each));
	const best = present.find((each) => record[each] !== null) ?? present[0];
	if (key === best) return name;
	return record[key] === null ? undefined : key;
}
