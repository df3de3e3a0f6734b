import { onlyVisible } from '../visibleText';
import { InvalidValueError, isEmpty, type Parser } from './parser';

/** Yes or no, which may be written as a word. */
export const toggle: Parser<boolean> = (value) => {
	if (isEmpty(value)) return undefined;
	const word = typeof value === 'string' ? onlyVisible(value).toLowerCase() : value;
	if (word === true || word === 'true') return true;
	if (word === false || word === 'false') return false;
	throw new InvalidValueError(
		'is not true or false',
		'Use the switch, or an expression that returns true or false.',
	);
};

/** Yes or no, sent as the text "true" or "false". */
export const flag: Parser<string> = (value, context) => toggle(value, context)?.toString();

/** Yes or no, for a setting that is sent as a word when it is on, and left out when it is off. */
export const whenTrue =
	(word: string): Parser<string> =>
	(value, context) =>
		toggle(value, context) ? word : undefined;
