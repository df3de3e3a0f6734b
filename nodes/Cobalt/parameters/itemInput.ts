import type { IExecuteFunctions } from 'n8n-workflow';

import { sizeAsJson } from '../../shared/http/body';
import type { CobaltRequest } from '../../shared/http/client';
import { idInText } from '../../shared/output/ids';
import type { Output } from '../../shared/output/output';
import { toggle } from '../../shared/parsers/boolean';
import { code } from '../../shared/parsers/id';
import { numberBetween, wholeNumber } from '../../shared/parsers/number';
import { InvalidValueError, type Parser } from '../../shared/parsers/parser';
import { line, oneOf } from '../../shared/parsers/text';
import { fieldsOf, isWrite, type Operation } from '../declarations/operation';
import { locatorValue } from '../parsers/resourceLocator';
import type { Account } from '../run/account';
import type { ChosenOperation } from './chosenOperation';
import { chosenOutput } from './chosenOutput';
import type { EnteredParameters } from './enteredParameters';
import { requestOf } from './itemRequest';
import { readValues } from './itemValues';
import type { TimesWithoutOffset } from './timesWithoutOffset';
import { Parameters } from './nodeParameters';

/** The checked parameters of one item, and the account it belongs to. */
export interface ItemInput extends ItemParameters {
	account: Account;
}

/** The checked parameters of one item. */
export interface ItemParameters {
	itemIndex: number;
	/** The item's subject in messages, for example "Appointment: Create" or "Job 4711". */
	title: string;
	/** The clinic's reference ID, if the credential has several. */
	clinic?: string;
	request: CobaltRequest;
	/** The parsed values, by Cobalt's names. */
	values: Readonly<Record<string, unknown>>;
	/** IANA name of the timezone in which the item's times without an offset were read. */
	localTimezone?: string;
	wait?: Wait;
	/** What the output item contains. */
	output: Output;
	/** Maximum number of records to read from a list. */
	limit: number;
	/** Binary field for a downloaded file. */
	outputField: string;
	/** Whether to check the fields that the account's settings require. */
	checkRequiredFields: boolean;
	/** How many items may have a request in flight at once. */
	concurrency: number;
	/** Whether to search for the record if Cobalt's response is lost. */
	searchesOnUnknown: boolean;
	/** Whether a retry submits items of which n8n may have lost track. */
	resubmitsUntracked: boolean;
	/** Whether to report how many requests the wait took. */
	countsRequests: boolean;
	/** Whether to check the item and send nothing for it. */
	validatesOnly: boolean;
}

interface Wait {
	timeoutMs: number;
	intervalMs: number;
	failOnTimeout: boolean;
}

/** A day: no known job takes longer, and n8n's own limits end an execution sooner. */
const MAX_WAIT_SECONDS = 86_400;

/** More than a workflow can hold. 'Return All' reads all of them. */
const MAX_RECORDS = 1_000_000;

const seconds = numberBetween(1, MAX_WAIT_SECONDS);

const timezoneSource = oneOf('workflow', 'clinic');

const sideBySide = wholeNumber(1, 20);

/**
 * Reads the parameters of one item.
 *
 * @throws NodeOperationError that names the field and the item, for input that cannot be sent
 */
export async function readInput(
	context: IExecuteFunctions,
	chosen: ChosenOperation,
	shared: SharedByItems,
	itemIndex: number,
): Promise<ItemParameters> {
	return await new InputReader(context, chosen, shared, itemIndex).read();
}

/** What the items of a run share. */
interface SharedByItems {
	entered: EnteredParameters;
	timesWithoutOffset: TimesWithoutOffset;
}

/** Reads the parameters of one item. */
class InputReader {
	private readonly operation: Operation;

	private readonly title: string;

	private readonly parameters: Parameters;

	constructor(
		private readonly context: IExecuteFunctions,
		{ operation, title }: ChosenOperation,
		private readonly shared: SharedByItems,
		private readonly itemIndex: number,
	) {
		this.operation = operation;
		this.title = title;
		this.parameters = new Parameters(context, shared.entered, itemIndex);
	}

	async read(): Promise<ItemParameters> {
		const { context, itemIndex, operation } = this;
		const { entered } = this.shared;
		const localTimezone = await this.localTimezone();
		const parameters = new Parameters(context, entered, itemIndex, localTimezone);
		const values = await readValues(context, operation, { entered, parameters, itemIndex });
		const request = requestOf(operation, values);
		this.checkSize(request);
		const isLookUp = operation.kind === 'jobLookUp';
		return {
			itemIndex,
			title: isLookUp ? `Job ${idInText(values.job_id)}` : this.title,
			clinic: request.accessToken === 'none' ? undefined : this.clinic(),
			request,
			values,
			localTimezone,
			wait: this.wait(),
			output: chosenOutput(operation, parameters),
			limit: this.limit(),
			outputField: this.outputField(),
			checkRequiredFields:
				this.option('checkRequiredFields', 'Check Required Fields', toggle) ?? true,
			concurrency: this.option('concurrency', 'Concurrency', sideBySide) ?? 5,
			searchesOnUnknown: this.ifUnknown() === 'search',
			resubmitsUntracked:
				this.option('allowResubmission', 'Allow Resubmission on Retry', toggle) ?? false,
			countsRequests: this.option('showRequestCount', 'Show Request Count', toggle) ?? false,
			validatesOnly: isWrite(operation) && this.validatesOnly(),
		};
	}

	private async localTimezone(): Promise<string | undefined> {
		const { itemIndex, parameters, shared } = this;
		const label = 'Read Times Without Offset In';
		const source = this.option('timesWithoutOffset', label, timezoneSource) ?? 'workflow';
		const item = { itemIndex, ...(source === 'clinic' && { clinic: this.clinic() }) };
		return await shared.timesWithoutOffset.timezoneOf(item, parameters, source);
	}

	private clinic(): string | undefined {
		return this.own('clinic', 'Clinic', locatorValue(code));
	}

	private checkSize({ body = {} }: CobaltRequest): void {
		const { operation } = this;
		const limit = operation.kind === 'submission' ? operation.bodyLimit : undefined;
		if (limit === undefined || sizeAsJson(body) <= limit.bytes) return;
		const megabytes = limit.bytes / 1_000_000;
		const tooLarge = new InvalidValueError(
			`makes the request larger than Cobalt's limit of ${megabytes} MB`,
			'Attach fewer or smaller files. Encoding makes a file about a third larger.',
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
		const onTimeout = this.option('onTimeout', 'On Timeout', oneOf('returnPending', 'fail'));
		return {
			timeoutMs: (timeout ?? operation.timeoutSeconds) * 1000,
			intervalMs: (interval ?? 1) * 1000,
			failOnTimeout: onTimeout === 'fail',
		};
	}

	private ifUnknown(): string | undefined {
		const choices = oneOf('stop', 'search');
		return this.option('ifResponseLost', "If Cobalt's Response Is Lost", choices);
	}

	/** An expression without a value leaves the option on: only an explicit "no" permits a submission. */
	private validatesOnly(): boolean {
		const isOn = this.option('validateOnly', 'Validate Only', toggle);
		return isOn ?? this.hasOption('validateOnly');
	}

	/**
	 * A parameter that is not sent to Cobalt. Undefined if it is not shown, or if an expression returns empty
	 * text or null: then the default applies.
	 */
	private own<Value>(name: string, label: string, read: Parser<Value>): Value | undefined {
		return this.parameters.read(name, label, read);
	}

	private option<Value>(name: string, label: string, read: Parser<Value>): Value | undefined {
		if (!this.hasOption(name)) return undefined;
		return this.parameters.read(`options.${name}`, label, read);
	}

	private hasOption(name: string): boolean {
		return this.shared.entered.added('options').includes(name);
	}
}
