import type { IExecuteFunctions } from 'n8n-workflow';

import { sizeAsJson } from '../../shared/http/body';
import type { CobaltRequest } from '../../shared/http/client';
import { toggle } from '../../shared/parsers/boolean';
import { numberBetween, wholeNumber } from '../../shared/parsers/number';
import { InvalidValueError, type Parser } from '../../shared/parsers/parser';
import { line, oneOf } from '../../shared/parsers/text';
import { fieldsOf, type Operation } from '../declarations/operation';
import type { Account } from '../run/account';
import type { ChosenOperation } from './chosenOperation';
import { requestOf } from './itemRequest';
import { readValues } from './itemValues';
import { Parameters } from './nodeParameters';

/** What a user set up for one item, checked, and whose it is. */
export interface ItemInput extends ItemParameters {
	account: Account;
}

/** What a user set up for one item, checked. */
export interface ItemParameters {
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
	concurrency: number;
	/** Whether to look for what was submitted when Cobalt's answer is lost. */
	searchesOnUnknown: boolean;
	/** Whether to submit, in a retry, what n8n may have forgotten. */
	resubmitsUntracked: boolean;
	/** Whether to say how many requests the wait took. */
	countsRequests: boolean;
}

interface Wait {
	timeoutMs: number;
	intervalMs: number;
	failOnTimeout: boolean;
}

/** A day: no job is known to take longer, and n8n's own limits end an execution earlier. */
const MAX_WAIT_SECONDS = 86_400;

/** More than a workflow can hold; for all of them there is 'Return All'. */
const MAX_RECORDS = 1_000_000;

const seconds = numberBetween(1, MAX_WAIT_SECONDS);

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
): Promise<ItemParameters> {
	return await new InputReader(context, chosen, itemIndex).read();
}

/** Reads the parameters of one item. */
class InputReader {
	private readonly operation: Operation;

	private readonly title: string;

	private readonly parameters: Parameters;

	/** Names of the options that were added. */
	private options?: string[];

	constructor(
		private readonly context: IExecuteFunctions,
		{ operation, title }: ChosenOperation,
		private readonly itemIndex: number,
	) {
		this.operation = operation;
		this.title = title;
		this.parameters = new Parameters(context, itemIndex);
	}

	async read(): Promise<ItemParameters> {
		const { context, itemIndex, operation, parameters } = this;
		const values = await readValues(context, operation, parameters, itemIndex);
		const request = requestOf(operation, values);
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
			concurrency: this.option('concurrentSubmissions', 'Concurrent Submissions', sideBySide) ?? 5,
			searchesOnUnknown: this.ifUnknown() === 'lookFirst',
			resubmitsUntracked:
				this.option('resubmitForgotten', 'Resubmit Untracked Items', toggle) ?? false,
			countsRequests: this.option('countRequests', 'Count Requests', toggle) ?? false,
		};
	}

	private checkSize({ body = {} }: CobaltRequest): void {
		const { operation } = this;
		const limit = operation.kind === 'submission' ? operation.bodyLimit : undefined;
		if (limit === undefined || sizeAsJson(body) <= limit.bytes) return;
		const megabytes = limit.bytes / 1_000_000;
		const tooLarge = new InvalidValueError(
			`makes the request larger than the ${megabytes} MB that Cobalt takes`,
			'Attach fewer or smaller files. Sent along, a file grows by a third.',
		);
		const { displayName } =
			fieldsOf(operation).find(({ key }) => key === limit.field)?.property ?? {};
		throw this.parameters.invalid(displayName ?? limit.field, tooLarge);
	}

	private limit(): number {
		if (this.operation.kind !== 'list') return 0;
		if (this.own('returnAll', 'Return All', toggle) === true) return Infinity;
		return this.own('limit', 'Limit', wholeNumber(1, MAX_RECORDS)) ?? 50;
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
	 * gives empty text or null: then what the node offers by default holds.
	 */
	private own<Value>(name: string, label: string, read: Parser<Value>): Value | undefined {
		return this.parameters.read(name, label, read);
	}

	private option<Value>(name: string, label: string, read: Parser<Value>): Value | undefined {
		this.options ??= this.parameters.added('options');
		if (!this.options.includes(name)) return undefined;
		return this.parameters.read(`options.${name}`, label, read);
	}
}
