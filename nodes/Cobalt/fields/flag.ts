import { InvalidValue, isEmpty, type Reader } from './reader';

/** Yes or no. Cobalt takes the words "true" and "false". */
export const flag: Reader<string> = (value) => {
	if (isEmpty(value)) return undefined;
	const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
	if (typeof word === 'boolean') return String(word);
	if (word !== 'true' && word !== 'false') {
		throw new InvalidValue(
			'is neither true nor false',
			'Use the switch, or an expression that gives true or false.',
		);
	}
	return word;
};
