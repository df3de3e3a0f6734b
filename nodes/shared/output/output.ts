import type { IDataObject } from 'n8n-workflow';

import { InvalidValueError, type Parser } from '../parsers/parser';
import { oneOf } from '../parsers/text';
import { idsIn } from './ids';

/**
 * What an item holds:
 * - `simplified`: the documented columns, with normalized names.
 * - `raw`: what Cobalt sent.
 * - `selectedFields`: these columns of the simplified item.
 * - `idsOnly`: no patient data. `fields` are the columns that are always present.
 */
export type Output =
	| { kind: 'simplified' | 'raw' }
	| { kind: 'selectedFields' | 'idsOnly'; fields: readonly string[] };

/** A choice of *Output*. */
export type OutputKind = Output['kind'];

/** The value of the parameter *Output*. */
export const outputKind: Parser<OutputKind> = oneOf(
	'simplified',
	'raw',
	'selectedFields',
	'idsOnly',
);

/** The error for *Selected Fields* without a field. */
export const nothingSelected = (): InvalidValueError =>
	new InvalidValueError('is empty', "Choose the fields to output, or another 'Output'.");

/**
 * Reduces an item to what was chosen.
 *
 * @param json simplified, or raw if that was chosen
 * @param extraColumns further columns to include if they have a value
 */
export function reduceTo(
	output: Output,
	json: IDataObject,
	extraColumns: readonly string[] = [],
): IDataObject {
	switch (output.kind) {
		case 'simplified':
		case 'raw':
			return json;
		case 'selectedFields': {
			const present = extraColumns.filter((key) => json[key]);
			return pick(json, [...output.fields, ...present]);
		}
		case 'idsOnly':
			return { ...pick({}, output.fields), ...idsIn(json) };
	}
}

/** These columns of an item, in this order; null for what it does not have. */
const pick = (json: IDataObject, fields: readonly string[]): IDataObject =>
	Object.fromEntries(fields.map((key) => [key, json[key] ?? null]));
