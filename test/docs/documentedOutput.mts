import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { columnsOf } from '../../nodes/Cobalt/declarations/columns.js';
import type { Operation, Resource } from '../../nodes/Cobalt/declarations/operation.js';
import { cobaltForTest } from '../Cobalt/setup.mts';
import { outputOf } from './outputOf.mts';
import { schemaOf, type Schema } from './schema.mts';

/** What an operation returns, as far as a document names it. */
export interface DocumentedOutput {
	schema: Schema;
	/** The first item. */
	example: IDataObject;
}

/** Runs an operation on the fake Cobalt, within a test. What only the fake Cobalt invented is left out. */
export async function documentedOutput(
	resource: Resource,
	operation: Operation,
): Promise<DocumentedOutput> {
	const cobalt = await cobaltForTest();
	const items = await outputOf(cobalt, resource.value, operation.value);
	const [first] = items;
	if (first === undefined) throw new Error('The operation returned no item');
	const { properties = {}, ...schema } = schemaOf(
		items.map(({ json }: INodeExecutionData) => json),
	);
	const isDocumented = documentedKeys(operation);
	return {
		schema: { ...schema, properties: filterKeys(properties, isDocumented) },
		example: filterKeys(first.json, isDocumented),
	};
}

function documentedKeys(operation: Operation): (key: string) => boolean {
	if (operation.kind !== 'submission' && operation.kind !== 'jobLookUp') return () => true;
	const known = columnsOf(operation.kind === 'submission' ? operation : {});
	return (key) => known.includes(key);
}

function filterKeys<T>(
	record: Record<string, T>,
	isKept: (key: string) => boolean,
): Record<string, T> {
	return Object.fromEntries(Object.entries(record).filter(([key]) => isKept(key)));
}
