import { isBlank } from '../visibleText';

/** What a reader may need to know beside the value. */
export interface ParsingContext {
	/** IANA name of the workflow's timezone. */
	timezone: string;
}

/**
 * Turns what a user entered, or an expression gave, into what Cobalt documents. Undefined means that
 * nothing was entered.
 *
 * @throws InvalidValue for anything that Cobalt would not understand
 */
export type Parser<Value = unknown> = (
	value: unknown,
	context: ParsingContext,
) => Value | undefined;

/**
 * A value that cannot be sent. The message follows the name of the field, as in "is not a date"; it
 * never repeats the value, which may be patient data.
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

/**
 * Whether nothing was entered: also text in which nothing can be seen, which forms and spreadsheets give for
 * "empty".
 */
export function isEmpty(value: unknown): value is undefined | null | '' {
	return value === undefined || value === null || (typeof value === 'string' && isBlank(value));
}
