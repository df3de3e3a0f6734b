import { isBlank } from '../visibleText';

/** What a parser may need besides the value. */
export interface ParsingContext {
	/** IANA name of the timezone for values that have none of their own. */
	timezone: string;
}

/**
 * Converts what a user entered, or an expression returned, into the form that Cobalt documents. Undefined
 * means that nothing was entered.
 *
 * @throws InvalidValueError for anything that Cobalt would not understand
 */
export type Parser<Value = unknown> = (
	value: unknown,
	context: ParsingContext,
) => Value | undefined;

/**
 * A value that cannot be sent. The message continues the name of the field, as in "is not a date". It never
 * repeats the value, which may be patient data.
 */
export class InvalidValueError extends Error {
	constructor(
		message: string,
		/** What to enter instead. */
		readonly advice: string,
	) {
		super(message);
	}
}

/** Whether nothing was entered. Forms and spreadsheets write "empty" as text that shows nothing. */
export function isEmpty(value: unknown): value is undefined | null | '' {
	return value === undefined || value === null || (typeof value === 'string' && isBlank(value));
}
