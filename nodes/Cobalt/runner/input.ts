import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';

import { toggle } from '../fields/flag';
import { numberBetween } from '../fields/number';
import { oneOf } from '../fields/text';
import { InvalidValue, type Reader } from '../fields/reader';
import { BY_SHAPE, type Settlement } from '../jobs/outcome';
import type { Field, Operation } from '../resources/operation';
import { fillPath } from '../transport/path';
import type { CobaltRequest } from '../transport/request';
import type { ChosenOperation } from './chosenOperation';

/** What a user set up for one item, checked. */
export interface ItemInput {
	itemIndex: number;
	/** What is talked about in messages, for example "Appointment: Create" or "Job 4711". */
	title: string;
	task: Submit | LookUp;
	/** Which event types end the job. */
	settlement: Settlement;
	wait?: { timeoutMs: number; intervalMs: number; failOnTimeout: boolean };
	simplify: boolean;
}

export interface Submit {
	kind: 'submit';
	request: CobaltRequest;
	/** The key of the record's own id, in Cobalt's answer and in the item. */
	recordKey: string;
	/** The record's own id, where the request names it. */
	recordId?: string;
}

export interface LookUp {
	kind: 'lookUp';
	jobId: string;
}

/** What was entered, by Cobalt's names and by the part of the request that it goes into. */
interface Values {
	body: IDataObject;
	query: IDataObject;
	path: Record<string, string>;
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
	{ operation, title }: ChosenOperation,
	itemIndex: number,
): ItemInput {
	const values = readValues(context, operation, itemIndex);
	const common = {
		itemIndex,
		wait: readWait(context, operation, itemIndex),
		simplify: readToggle(context, itemIndex, 'simple', 'Simplify') ?? true,
	};
	switch (operation.kind) {
		case 'submission': {
			const { method, path, recordKey, settlement } = operation;
			const request = { method, path: fillPath(path, values.path), body: values.body };
			const task: Submit = { kind: 'submit', request, recordKey, recordId: values.path.id };
			return { ...common, title, task, settlement };
		}
		case 'jobLookUp': {
			const jobId = String(values.query.job_id);
			const task: LookUp = { kind: 'lookUp', jobId };
			return { ...common, title: `Job ${jobId}`, task, settlement: BY_SHAPE };
		}
	}
}

function readValues(context: IExecuteFunctions, operation: Operation, itemIndex: number): Values {
	const values: Values = { body: {}, query: {}, path: {} };
	const put = (field: Field, entered: unknown) => {
		const value = readField(context, itemIndex, field, entered);
		if (value === undefined) return;
		const { to } = field;
		if ('body' in to) values.body[to.body] = value as IDataObject[string];
		else if ('query' in to) values.query[to.query] = value as IDataObject[string];
		else values.path[to.path] = String(value);
	};
	for (const field of operation.fields) {
		put(field, context.getNodeParameter(field.property.name, itemIndex));
	}
	const { optional } = operation;
	if (optional) {
		const given = context.getNodeParameter(optional.name, itemIndex, {}) as IDataObject;
		for (const field of optional.fields) {
			if (Object.hasOwn(given, field.property.name)) put(field, given[field.property.name]);
		}
		if (optional.atLeastOne && Object.keys(values.body).length === 0) {
			const nothing = new InvalidValue('is empty', 'Add at least one field and fill it in.');
			throw invalid(context, itemIndex, optional.displayName, nothing);
		}
	}
	return values;
}

function readWait(
	context: IExecuteFunctions,
	operation: Operation,
	itemIndex: number,
): ItemInput['wait'] {
	const isWanted =
		readToggle(context, itemIndex, 'waitForResult', 'Wait for Result') ??
		operation.kind === 'submission';
	if (!isWanted) return undefined;
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const read = <Value>(name: string, label: string, reader: Reader<Value>): Value | undefined =>
		checked(context, itemIndex, label, () => reader(options[name], { timezone: '' }));
	const timeout = read('timeout', 'Timeout (Seconds)', seconds) ?? operation.timeoutSeconds;
	const interval = read('pollInterval', 'Poll Interval (Seconds)', seconds) ?? 1;
	const onTimeout = read('onTimeout', 'When Time Runs Out', oneOf('returnPending', 'fail'));
	return {
		timeoutMs: timeout * 1000,
		intervalMs: interval * 1000,
		failOnTimeout: onTimeout === 'fail',
	};
}

/** Undefined where an expression gives nothing: then what the node offers by default holds. */
function readToggle(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): boolean | undefined {
	const entered = context.getNodeParameter(name, itemIndex, undefined);
	return checked(context, itemIndex, label, () => toggle(entered, { timezone: '' }));
}

function readField(
	context: IExecuteFunctions,
	itemIndex: number,
	{ property, read }: Field,
	entered: unknown,
): unknown {
	return checked(context, itemIndex, property.displayName, () => {
		const value = read(entered, { timezone: context.getTimezone() });
		if (value === undefined && property.required) {
			throw new InvalidValue(
				'is empty',
				'Fill it in. If it is an expression, check what it gives for this item.',
			);
		}
		return value;
	});
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
