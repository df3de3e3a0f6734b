import type { IDataObject, INodeParameters, NodeParameterValueType } from 'n8n-workflow';

import type { Field } from '../../../nodes/Cobalt/declarations/field.js';
import { collectionsOf, type Operation } from '../../../nodes/Cobalt/declarations/operation.js';
import { resources } from '../../../nodes/Cobalt/resources/index.js';
import { kindOf } from './fieldKinds.mts';

/** The parameters that make n8n show a field. */
const shownBy = ({ property }: Field): Record<string, string> =>
	Object.fromEntries(
		Object.entries(property.displayOptions?.show ?? {}).map(([name, values]) => [
			name,
			values?.[0] as string,
		]),
	);

/** Tells apart the fields of an operation that n8n does not show together. */
export const conditionOf = (field: Field): string => Object.values(shownBy(field)).join();

export interface Case {
	title: string;
	operation: Operation;
	/** Everything that is required, filled in. */
	parameters: INodeParameters;
}

export const cases: Case[] = resources.flatMap((resource) =>
	resource.operations.map((operation) => ({
		title: `${resource.name}: ${operation.name}`,
		operation,
		parameters: {
			resource: resource.value,
			operation: operation.value,
			...Object.fromEntries(
				operation.fields
					.filter(({ isRequired }) => isRequired)
					.map((field) => [field.property.name, kindOf(field, operation).valid(field)]),
			),
		},
	})),
);

/** Puts values into fields, wherever n8n has them. */
export function fill(
	{ operation, parameters }: Case,
	values: ReadonlyArray<[Field, NodeParameterValueType]>,
): INodeParameters {
	const collections = collectionsOf(operation);
	const named = (wanted: readonly Field[]): INodeParameters =>
		Object.fromEntries(
			values
				.filter(([field]) => wanted.includes(field))
				.map(([{ property }, value]) => [property.name, value]),
		);
	return {
		...parameters,
		...values.reduce((shown, [field]) => ({ ...shown, ...shownBy(field) }), {}),
		...named(operation.fields),
		...Object.fromEntries(collections.map(({ name, fields }) => [name, named(fields)])),
	};
}

/** Items that each have a file, for a node that sends what is refused to its error output. */
export const withFiles = (items: IDataObject[]) => ({
	items,
	files: items.map(() => ({
		data: { data: 'aGVsbG8=', mimeType: 'text/plain', fileName: 'hello.txt' },
	})),
	settings: { onError: 'continueErrorOutput' as const },
});

export const titled = (title: string, condition: string) =>
	condition === '' ? title : `${title} (${condition})`;
