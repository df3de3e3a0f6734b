import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { output, outputFields } from '../../shared/description/output';
import { ALWAYS_OUTPUT, documentedColumns } from '../declarations/columns';
import { hasOutputChoice, type Operation } from '../declarations/operation';
import { asNode, asTool } from './toolVariant';

/**
 * The choice of what the items of an operation contain. An agent gets the documented fields, and its builder
 * removes those that it does not need (n8n's UX guidelines, "AI tool nodes").
 */
export function outputProperties(operation: Operation): INodeProperties[] {
	if (!hasOutputChoice(operation)) return [];
	const columns = documentedColumns(operation);
	if (columns === undefined) return [output, anyFields];
	const options = optionsOf(columns.filter((column) => !ALWAYS_OUTPUT.includes(column)));
	const fields: INodeProperties = {
		...outputFields,
		type: 'multiOptions',
		options,
		default: [],
		description: `The fields of each item${columns.includes('job_id') ? ', besides job_status and job_id' : ''}`,
	};
	return [
		asNode(output),
		asTool({ ...output, default: 'selectedFields' }),
		asNode(fields),
		asTool({ ...fields, default: options.map(({ value }) => value) }),
	];
}

/** For items whose fields Cobalt does not document. */
const anyFields: INodeProperties = {
	...outputFields,
	type: 'string',
	default: '',
	placeholder: 'e.g. mrn, datetime',
	description:
		'Comma-separated names of fields, besides job_status and job_id. A field that an item does not have is null.',
};

/** In the order that n8n requires. */
const optionsOf = (columns: string[]): INodePropertyOptions[] =>
	columns
		.map((value) => ({ name: labelOf(value), value }))
		.sort((one, other) => one.name.localeCompare(other.name));

const ACRONYMS = /\b(dob|ehr|emr|id|ids|mrn|npi|url)\b/g;

/** 'appointment_id' → 'Appointment ID' */
const labelOf = (column: string): string =>
	column
		.replaceAll('_', ' ')
		.replace(ACRONYMS, (word) => word.toUpperCase().replace('IDS', 'IDs'))
		.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
		.replaceAll(' In ', ' in ');
