import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';

import { numberBetween } from '../fields/number';
import { oneOf } from '../fields/text';
import { InvalidValue, type Reader } from '../fields/reader';
import type { Field, Operation } from '../resources/operation';
import { fillPath } from '../transport/path';
import type { CobaltRequest } from '../transport/request';

/** What a user set up for one item, checked. */
export interface ItemInput {
	itemIndex: number;
	/** By Cobalt's names for them. */
	body: IDataObject;
	query: IDataObject;
	/** Values of the path's places, by name. */
	path: Record<string, string>;
	wait?: { timeoutMs: number; intervalMs: number; failOnTimeout: boolean };
	simplify: boolean;
}

/** A day: no job is known to take longer, and n8n's own limits end an execution earlier. */
const LONGEST_WAIT_SECONDS = 86_400;

const seconds = numberBetween(1, LONGEST_WAIT_SECONDS);

/**
 * Reads the parameters of one item.
 *
 * @throws NodeOperationError that names the field and the item, for input that cannot be sent
 */
export function readInput(
	context: IExecuteFunctions,
	operation: Operation,
	itemIndex: number,
): ItemInput {
	const input: ItemInput = {
		itemIndex,
		body: {},
		query: {},
		path: {},
		simplify: context.getNodeParameter('simple', itemIndex, true) === true,
	};
	for (const field of operation.fields) {
		put(input, field, context.getNodeParameter(field.property.name, itemIndex), context);
	}
	const { optional } = operation;
	if (optional) {
		const given = context.getNodeParameter(optional.name, itemIndex, {}) as IDataObject;
		for (const field of optional.fields) {
			if (Object.hasOwn(given, field.property.name)) {
				put(input, field, given[field.property.name], context);
			}
		}
		if (optional.atLeastOne && Object.keys(input.body).length === 0) {
			throw invalid(
				context,
				itemIndex,
				optional.displayName,
				new InvalidValue('is empty', 'Add at least one field and fill it in.'),
			);
		}
	}
	if (context.getNodeParameter('waitForResult', itemIndex, false) === true) {
		input.wait = readWait(context, operation, itemIndex);
	}
	return input;
}

/** The request of a submission. */
export function requestOf(
	{ method, path }: { method: CobaltRequest['method']; path: string },
	input: ItemInput,
): CobaltRequest {
	return { method, path: fillPath(path, input.path), body: input.body };
}

function readWait(context: IExecuteFunctions, operation: Operation, itemIndex: number) {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const read = <Value>(name: string, label: string, reader: Reader<Value>): Value | undefined =>
		checked(context, itemIndex, label, () => reader(options[name], { timezone: '' }));
	const timeout = read('timeout', 'Timeout (Seconds)', seconds) ?? operation.timeoutSeconds;
	const interval = read('pollInterval', 'Poll Interval (Seconds)', seconds) ?? 1;
	const onTimeout = read('onTimeout', 'When Time Runs Out', oneOf('returnpending', 'fail'));
	return {
		timeoutMs: timeout * 1000,
		intervalMs: interval * 1000,
		failOnTimeout: onTimeout === 'fail',
	};
}

function put(
	input: ItemInput,
	{ property, read, to }: Field,
	entered: unknown,
	context: IExecuteFunctions,
): void {
	const { itemIndex } = input;
	const value = checked(context, itemIndex, property.displayName, () => {
		const result = read(entered, { timezone: context.getTimezone() });
		if (result === undefined && property.required) {
			throw new InvalidValue(
				'is empty',
				'Fill it in. If it is an expression, check what it gives for this item.',
			);
		}
		return result;
	});
	if (value === undefined) return;
	if ('body' in to) input.body[to.body] = value as IDataObject[string];
	else if ('query' in to) input.query[to.query] = value as IDataObject[string];
	else input.path[to.path] = String(value);
}

/** Puts the field and the item to what a reader finds wrong with a value. */
function checked<Value>(
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	read: () => Value,
): Value {
	try {
		return read();
	} catch (error) {
		throw invalid(context, itemIndex, label, error);
	}
}

function invalid(
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	error: unknown,
): NodeOperationError {
	const [message, description] =
		error instanceof InvalidValue
			? [error.message, error.advice]
			: ['could not be read', 'Check its expression.'];
	return new NodeOperationError(context.getNode(), `'${label}' ${message} [item ${itemIndex}]`, {
		description,
		itemIndex,
	});
}
