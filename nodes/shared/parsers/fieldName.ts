import { InvalidValueError, type Parser } from './parser';
import { line } from './text';

/** A field by its name in Cobalt, however it is written: `cell_phone`, `Cell Phone`, `cellPhone`. */
export const fieldName: Parser<string> = (value, context) => {
	const name = line(value, context)
		?.replace(/(?<=[a-z])(?=[A-Z])|[\s-]+/g, '_')
		.toLowerCase();
	if (name !== undefined && !/^[\w.]*[a-z][\w.]*$/.test(name)) {
		throw new InvalidValueError(
			'is not the name of a field',
			'Enter names such as phone or cell_phone.',
		);
	}
	return name;
};
