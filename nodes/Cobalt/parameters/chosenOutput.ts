import { isIdColumn } from '../../shared/output/ids';
import { nothingSelected, outputKind, type Output } from '../../shared/output/output';
import { fieldName } from '../../shared/parsers/fieldName';
import { listOf } from '../../shared/parsers/list';
import type { Parser } from '../../shared/parsers/parser';
import { oneOf } from '../../shared/parsers/text';
import { ALWAYS_OUTPUT, documentedColumns } from '../declarations/columns';
import type { Operation } from '../declarations/operation';
import type { EnteredParameters } from './enteredParameters';
import type { Parameters } from './nodeParameters';

/**
 * The user's choice of what an item contains.
 *
 * @throws NodeOperationError that names the field and the item
 */
export function chosenOutput(operation: Operation, parameters: Parameters): Output {
	const kind = parameters.read('output', 'Output', outputKind) ?? 'simplified';
	switch (kind) {
		case 'simplified':
		case 'raw':
			return { kind };
		case 'selectedFields':
			return { kind, fields: selectedFields(operation, parameters) };
		case 'idsOnly':
			return { kind, fields: (documentedColumns(operation) ?? []).filter(isIdColumn) };
	}
}

/** Whether *IDs Only* may apply to an item that cannot be read. */
export const mayBeIdsOnly = (entered: EnteredParameters): boolean =>
	entered.value('output') === 'idsOnly' || entered.hasExpression('output');

/** The chosen fields in the order of the columns, with the columns of every item. */
function selectedFields(operation: Operation, parameters: Parameters): string[] {
	const columns = documentedColumns(operation);
	const name: Parser<string> = columns ? oneOf(...columns) : fieldName;
	const label = 'Fields to Output';
	const selected = parameters.read('outputFields', label, listOf(name));
	if (selected === undefined) throw parameters.invalid(label, nothingSelected());
	const isOutput = (column: string): boolean =>
		selected.includes(column) || ALWAYS_OUTPUT.includes(column);
	return columns?.filter(isOutput) ?? [...ALWAYS_OUTPUT, ...selected];
}
