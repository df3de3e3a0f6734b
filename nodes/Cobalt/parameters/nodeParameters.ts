import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import { failedExpression, undefinedExpression } from '../../shared/parsers/expression';
import { InvalidValueError, type Parser, type ParsingContext } from '../../shared/parsers/parser';
import { workflowTimezone } from '../../shared/parsers/timezone';
import { isTool } from '../run/agent';
import type { EnteredParameters } from './enteredParameters';

/** A value that comes from n8n instead of the agent: `$json`, `$('Node')`, `$now`, … */
const NOT_FROM_AGENT = /\$(?!fromAI\b)[a-z_(]/i;

/**
 * The parameters of one item, by path: `filters.dob` is a field of a collection. Each is evaluated
 * separately, because n8n evaluates a collection as a whole and does not say which of its fields failed.
 */
export class Parameters {
	private readonly reading: ParsingContext;

	/** @param timezone IANA name, for values that have none of their own */
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly entered: EnteredParameters,
		private readonly itemIndex: number,
		timezone = workflowTimezone(context),
	) {
		this.reading = { timezone };
	}

	/**
	 * @returns undefined if nothing was entered, or the parameter is not shown
	 * @throws NodeOperationError that names the field, if it cannot be evaluated or parsed
	 */
	read<Value>(path: string, label: string, reader: Parser<Value>): Value | undefined {
		try {
			const given = this.value(path);
			const value = reader(given, this.reading);
			this.requireDefined(path, given);
			return value;
		} catch (error) {
			throw this.invalid(label, error);
		}
	}

	/** The error for a value that cannot be used, with the label of its field. */
	invalid(label: string, error: unknown): NodeOperationError {
		return invalidInput(this.context, this.itemIndex, [label], error);
	}

	/** Whether the node is an agent's tool, and only the agent sets this value. */
	isLeftToAgent(path: string): boolean {
		return (
			isTool(this.context.getNode()) &&
			!NOT_FROM_AGENT.test(JSON.stringify(this.entered.value(path)))
		);
	}

	/**
	 * Refuses a value with an undefined expression, whether that is the whole value or a part of a text.
	 *
	 * @param value the evaluated parameter
	 * @throws InvalidValueError
	 */
	private requireDefined(path: string, value: unknown): void {
		if (!this.entered.hasExpression(path)) return;
		if (!this.hasUndefined(this.entered.value(path), value) || this.isLeftToAgent(path)) return;
		throw undefinedExpression();
	}

	/** @throws InvalidValueError with n8n's own reason, for an expression that n8n cannot evaluate */
	private value(path: string): unknown {
		const entered = this.entered.value(path);
		if (typeof entered !== 'object' && !this.entered.hasExpression(path)) return entered;
		try {
			// n8n would search the description for a `validateType`, which no parameter here has.
			return this.context.getNodeParameter(path, this.itemIndex, '', { skipValidation: true });
		} catch (error) {
			throw failedExpression(error);
		}
	}

	private hasUndefined(entered: unknown, value: unknown): boolean {
		if (typeof entered === 'string') {
			return entered.startsWith('=') && (value === undefined || this.hasHole(entered.slice(1)));
		}
		if (typeof entered !== 'object' || entered === null) return false;
		const values = new Map(Object.entries(value ?? {}));
		return Object.entries(entered).some(([key, inner]) =>
			this.hasUndefined(inner, values.get(key)),
		);
	}

	/** Whether one of the expressions in a text is undefined. */
	private hasHole(template: string): boolean {
		return this.entered
			.expressionsIn(template)
			.some((part) => this.context.evaluateExpression(part, this.itemIndex) === undefined);
	}
}

/** The error for a value that cannot be sent. It names the fields as n8n shows them. */
export function invalidInput(
	context: IExecuteFunctions,
	itemIndex: number,
	labels: string[],
	error: unknown,
): NodeOperationError {
	const { message, advice: description } =
		error instanceof InvalidValueError
			? error
			: new InvalidValueError('could not be evaluated', 'Check the expression in this field.');
	const names = labels.map((label) => `'${label}'`).join(', ');
	return new NodeOperationError(context.getNode(), `${names} ${message} [item ${itemIndex}]`, {
		description,
		itemIndex,
	});
}
