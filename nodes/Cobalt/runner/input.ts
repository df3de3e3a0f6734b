import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';

import { toggle } from '../fields/flag';
import { numberBetween, wholeNumber } from '../fields/number';
import { InvalidValue, isEmpty, type Reader } from '../fields/reader';
import { line, oneOf } from '../fields/text';
import { workflowTimezone } from '../fields/timezone';
import type { Field } from '../resources/field';
import { fieldsOf, methodOf, type Operation, type OptionalFields } from '../resources/operation';
import { sizeAsJson } from '../transport/body';
import { fillPath } from '../transport/path';
import type { CobaltRequest } from '../transport/request';
import { attachmentOf } from './attachments';
import type { ChosenOperation } from './chosenOperation';

/** What a user set up for one item, checked. */
export interface ItemInput {
	itemIndex: number;
	/** What is talked about in messages, for example "Appointment: Create" or "Job 4711". */
	title: string;
	request: CobaltRequest;
	/** What was entered, by Cobalt's names. */
	values: Readonly<Record<string, unknown>>;
	wait?: Wait;
	simplify: boolean;
	/** How many records of a list are wanted. */
	limit: number;
	/** Where a file goes. */
	outputField: string;
	/** Whether to ask the account's settings what else is required. */
	checkRequiredFields: boolean;
	/** How many items have a request on its way at once. */
	sideBySide: number;
	/** Whether to look for what was submitted when Cobalt's answer is lost. */
	looksFirst: boolean;
	/** Whether to submit, in a retry, what n8n may have forgotten. */
	resubmitsForgotten: boolean;
	/** Whether to say how many requests the wait took. */
	countsRequests: boolean;
}

export interface Wait {
	timeoutMs: number;
	intervalMs: number;
	failOnTimeout: boolean;
}

/** A day: no job is known to take longer, and n8n's own limits end an execution earlier. */
const LONGEST_WAIT_SECONDS = 86_400;

/** More than a workflow can hold; for all of them there is 'Return All'. */
const MOST_RECORDS = 1_000_000;

const seconds = numberBetween(1, LONGEST_WAIT_SECONDS);

const sideBySide = wholeNumber(1, 20);

/**
 * Reads the parameters of one item.
 *
 * @throws NodeOperationError that names the field and the item, for input that cannot be sent
 */
export async function readInput(
	context: IExecuteFunctions,
	chosen: ChosenOperation,
	itemIndex: number,
): Promise<ItemInput> {
	return await new InputReader(context, chosen, itemIndex).read();
}

/** The error for a value that cannot be sent. It names the fields as n8n shows them. */
export function invalidInput(
	context: IExecuteFunctions,
	itemIndex: number,
	labels: string[],
	error: unknown,
): NodeOperationError {
	const [message, description] =
		error instanceof InvalidValue
			? [error.message, error.advice]
			: ['could not be read', 'Check its expression.'];
	const names = labels.map((label) => `'${label}'`).join(', ');
	return new NodeOperationError(context.getNode(), `${names} ${message} [item ${itemIndex}]`, {
		description,
		itemIndex,
	});
}

/** Reads the parameters of one item. */
class InputReader {
	private readonly operation: Operation;

	private readonly title: string;

	/** All of the operation's, optional ones too. */
	private readonly fields: Field[];

	/** What was entered, by Cobalt's names. */
	private readonly values: Record<string, unknown> = {};

	private givenOptions?: IDataObject;

	constructor(
		private readonly context: IExecuteFunctions,
		{ operation, title }: ChosenOperation,
		private readonly itemIndex: number,
	) {
		this.operation = operation;
		this.title = title;
		this.fields = fieldsOf(operation);
	}

	async read(): Promise<ItemInput> {
		const { itemIndex, operation, values } = this;
		await this.readFields(operation.fields, (name) => this.parameter(name));
		if (operation.optional) await this.readOptional(operation.optional);
		this.checkRules();
		const request = this.request();
		this.checkSize(request);
		const isLookUp = operation.kind === 'jobLookUp';
		return {
			itemIndex,
			title: isLookUp ? `Job ${String(values.job_id)}` : this.title,
			request,
			values,
			wait: this.wait(),
			simplify: this.own('simple', 'Simplify', toggle) ?? true,
			limit: this.limit(),
			outputField: this.outputField(),
			checkRequiredFields:
				this.option('checkRequiredFields', 'Check Required Fields', toggle) ?? true,
			sideBySide: this.option('concurrentSubmissions', 'Concurrent Submissions', sideBySide) ?? 5,
			looksFirst: this.ifUnknown() === 'lookFirst',
			resubmitsForgotten:
				this.option('resubmitForgotten', 'Resubmit Forgotten Items', toggle) ?? false,
			countsRequests: this.option('countRequests', 'Count Requests', toggle) ?? false,
		};
	}

	private async readFields(fields: Field[], entered: (name: string) => unknown): Promise<void> {
		for (const field of fields) {
			const { key, property } = field;
			if (!this.isShown(field)) continue;
			const value = await this.readField(field, entered(property.name));
			if (value !== undefined) this.values[key] = value;
		}
	}

	private async readOptional(optional: OptionalFields): Promise<void> {
		const before = Object.keys(this.values).length;
		const given = this.parameter(optional.name) as IDataObject;
		const added = optional.fields.filter(({ property }) => Object.hasOwn(given, property.name));
		const empty = added.find(({ property }) => isEmpty(given[property.name]));
		if (optional.neverEmpty && empty) {
			throw this.invalid(
				empty.property.displayName,
				new InvalidValue(
					'is empty, so that it would let everything through',
					'Fill it in, or remove the filter. If it is an expression, check what it gives for this item.',
				),
			);
		}
		await this.readFields(added, (name) => given[name]);
		if (optional.atLeastOne && Object.keys(this.values).length === before) {
			const nothing = new InvalidValue('is empty', 'Add at least one field and fill it in.');
			throw this.invalid(optional.displayName, nothing);
		}
	}

	/** By the values as they were read, which may be written otherwise than n8n's options are. */
	private isShown({ property }: Field): boolean {
		return Object.entries(property.displayOptions?.show ?? {}).every(([name, allowed]) => {
			const steering = this.fields.find((field) => field.property.name === name);
			return (allowed as unknown[]).includes(this.values[steering?.key ?? '']);
		});
	}

	private async readField(field: Field, entered: unknown): Promise<unknown> {
		const { property, read, file } = field;
		const { displayName: label } = property;
		const value = this.checked(label, () => {
			const value = read(entered, { timezone: workflowTimezone(this.context) });
			if (value === undefined && field.isRequired) {
				throw new InvalidValue(
					'is empty',
					'Fill it in. If it is an expression, check what it gives for this item.',
				);
			}
			return value;
		});
		if (file === undefined || value === undefined) return value;
		const files = await Promise.all(
			[value].flat().map(async (source) => await this.attachment(label, source)),
		);
		return file === 'one' ? files[0] : files;
	}

	private async attachment(label: string, source: unknown) {
		return await attachmentOf(this.context, this.itemIndex, source).catch((error: unknown) => {
			throw this.invalid(label, error);
		});
	}

	private checkRules(): void {
		for (const rule of this.operation.rules ?? []) {
			const breach = rule(this.values, (key) => this.labelOf(key));
			if (breach) throw this.invalid(this.labelOf(breach.key), breach.finding);
		}
	}

	private checkSize({ body = {} }: CobaltRequest): void {
		const { operation } = this;
		const limit = operation.kind === 'submission' ? operation.bodyLimit : undefined;
		if (limit === undefined || sizeAsJson(body) <= limit.bytes) return;
		const megabytes = limit.bytes / 1_000_000;
		const tooLarge = new InvalidValue(
			`makes the request larger than the ${megabytes} MB that Cobalt takes`,
			'Attach fewer or smaller files. Sent along, a file grows by a third.',
		);
		throw this.invalid(this.labelOf(limit.field), tooLarge);
	}

	/** What n8n calls a field. */
	private labelOf(key: string): string {
		return this.fieldOf(key)?.property.displayName ?? key;
	}

	private fieldOf(key: string): Field | undefined {
		return this.fields.find((field) => field.key === key);
	}

	/** Puts each value into the part of the request that it belongs to. */
	private request(): CobaltRequest {
		const { operation } = this;
		const method = methodOf(operation);
		const path: Record<string, string | string[]> = {};
		const rest: IDataObject = {};
		for (const [key, value] of Object.entries(this.values)) {
			if (this.fieldOf(key)?.isSent === false) continue;
			if (operation.path.includes(`{${key}}`)) path[key] = value as string | string[];
			else put(rest, key.split('.'), value);
		}
		return {
			method,
			path: fillPath(operation.path, path),
			...(method === 'GET' && { query: rest }),
			...(method !== 'GET' && Object.keys(rest).length > 0 && { body: rest }),
			...(operation.kind === 'submission' && { encoding: operation.encoding }),
		};
	}

	private limit(): number {
		if (this.operation.kind !== 'list') return 0;
		if (this.own('returnAll', 'Return All', toggle) === true) return Infinity;
		return this.own('limit', 'Limit', wholeNumber(1, MOST_RECORDS)) ?? 50;
	}

	private outputField(): string {
		if (this.operation.kind !== 'download') return '';
		return this.own('binaryPropertyName', 'Put Output File in Field', line) ?? 'data';
	}

	private wait(): Wait | undefined {
		const { operation } = this;
		if (!('timeoutSeconds' in operation)) return undefined;
		const isWanted =
			this.own('waitForResult', 'Wait for Result', toggle) ?? operation.kind === 'submission';
		if (!isWanted) return undefined;
		const timeout = this.option('timeout', 'Timeout (Seconds)', seconds);
		const interval = this.option('pollInterval', 'Poll Interval (Seconds)', seconds);
		const onTimeout = this.option(
			'onTimeout',
			'When Time Runs Out',
			oneOf('returnPending', 'fail'),
		);
		return {
			timeoutMs: (timeout ?? operation.timeoutSeconds) * 1000,
			intervalMs: (interval ?? 1) * 1000,
			failOnTimeout: onTimeout === 'fail',
		};
	}

	private ifUnknown(): string | undefined {
		const choices = oneOf('stop', 'lookFirst');
		return this.option('ifOutcomeUnknown', 'If Submission Outcome Is Unknown', choices);
	}

	/**
	 * A parameter that does not go to Cobalt. Undefined where it is not shown, or where an expression
	 * gives nothing: then what the node offers by default holds.
	 */
	private own<Value>(name: string, label: string, read: Reader<Value>): Value | undefined {
		return this.checked(label, () => read(this.parameter(name), { timezone: '' }));
	}

	private option<Value>(name: string, label: string, read: Reader<Value>): Value | undefined {
		return this.checked(label, () => read(this.options[name], { timezone: '' }));
	}

	/** Read once: n8n resolves all of their expressions each time. */
	private get options(): IDataObject {
		if (this.givenOptions === undefined) {
			const options = this.parameter('options');
			this.givenOptions = isEmpty(options) ? {} : (options as IDataObject);
		}
		return this.givenOptions;
	}

	/** Empty for what is not shown. */
	private parameter(name: string): unknown {
		return this.context.getNodeParameter(name, this.itemIndex, '');
	}

	/** Puts the field and the item to what a reader finds wrong with a value. */
	private checked<Value>(label: string, read: () => Value): Value {
		try {
			return read();
		} catch (error) {
			throw this.invalid(label, error);
		}
	}

	private invalid(label: string, error: unknown): NodeOperationError {
		return invalidInput(this.context, this.itemIndex, [label], error);
	}
}

/** Puts a value where its path leads, through objects that are made on the way. */
function put(object: IDataObject, [name = '', ...rest]: string[], value: unknown): void {
	if (rest.length === 0) object[name] = value as IDataObject[string];
	else put((object[name] ??= {}) as IDataObject, rest, value);
}
