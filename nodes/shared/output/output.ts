import type { IDataObject } from 'n8n-workflow';

import { InvalidValueError, type Parser } from '../parsers/parser';
import { oneOf } from '../parsers/text';
import { idsIn } from './ids';

/**
 * What an item holds:
 * - `simplified`: the columns that the docs name, in one spelling.
 * - `raw`: what Cobalt sent.
 * - `selectedFields`: these columns of the simplified item.
 * - `idsOnly`: no patient data. `fields` are the columns that are there in any case.
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

/** Selected Fields without a field is refused: what was meant is not known. */
export const nothingSelected = (): InvalidValueError =>
	new InvalidValueError('is empty', "Choose the fields to output, or another 'Output'.");

/**
 * Reduces an item to what was chosen.
 *
 * @param json simplified, or raw if that was chosen
 * @param kept further columns that stay, if they have a value
 */
export function reduceTo(
	output: Output,
	json: IDataObject,
	kept: readonly string[] = [],
): IDataObject {
	switch (output.kind) {
		case 'simplified':
		case 'raw':
			return json;
		case 'selectedFields': {
			const present = kept.filter((key) => json[key]);
			return pick(json, [...output.fields, ...present]);
		}
		case 'idsOnly':
			return { ...pick({}, output.fields), ...idsIn(json) };
	}
}

/** These columns of an item, in this order; null for what it does not have. */
const pick = (json: IDataObject, fields: readonly string[]): IDataObject =>
	Object.fromEntries(fields.map((key) => [key, json[key] ?? null]));
