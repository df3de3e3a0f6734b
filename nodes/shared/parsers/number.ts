import { asTyped } from '../visibleText';
import { InvalidValueError, isEmpty, type Parser } from './parser';

/** The way people write numbers. JavaScript would also accept `0x1F`, `0b1` and `Infinity`. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A number within bounds, which may be written as text. */
export const numberBetween =
	(min: number, max: number): Parser<number> =>
	(value) => {
		if (isEmpty(value)) return undefined;
		const number = typeof value === 'string' ? numberIn(value) : value;
		if (typeof number !== 'number' || !(number >= min && number <= max)) {
			throw new InvalidValueError(
				`is not a number from ${min} to ${max}`,
				`Enter a number from ${min} to ${max}, in digits only.`,
			);
		}
		return number;
	};

/** An amount of money within bounds, in whole cents: a sum of prices such as 0.1 + 0.2 has a tail of digits. */
export const money =
	(least: number, most: number): Parser<number> =>
	(value, context) => {
		const amount = numberBetween(least, most)(value, context);
		if (amount !== undefined && amount !== Number(amount.toFixed(2))) {
			throw new InvalidValueError(
				'is not a whole number of cents',
				'Round the amount to two decimal places.',
			);
		}
		return amount;
	};

function numberIn(text: string): number {
	const typed = asTyped(text);
	return DECIMAL.test(typed) ? Number(typed) : NaN;
}

const minutesOfADay = numberBetween(1, 24 * 60);

/** Whole minutes, sent as text. */
export const minutes: Parser<string> = (value, context) => {
	const number = minutesOfADay(value, context);
	if (number !== undefined && !Number.isInteger(number)) {
		throw new InvalidValueError('is not a whole number of minutes', 'Enter minutes, such as 30.');
	}
	return number?.toString();
};

/** A whole number within bounds. */
export const wholeNumber =
	(min: number, max: number): Parser<number> =>
	(value, context) => {
		const number = numberBetween(min, max)(value, context);
		if (number !== undefined && !Number.isInteger(number)) {
			throw new InvalidValueError(
				'is not a whole number',
				`Enter a whole number from ${min} to ${max}.`,
			);
		}
		return number;
	};
