import { isObject, parseJson } from '../../shared/json';
import {
	InvalidValueError,
	isEmpty,
	type Parser,
	type ParsingContext,
} from '../../shared/parsers/parser';

const EXAMPLE = 'See the example below the field.';

/** JSON, as text or as the value of an expression. */
export const json =
	<Value>(read: Parser<Value>): Parser<Value> =>
	(value, context) => {
		if (isEmpty(value)) return undefined;
		const parsed = typeof value === 'string' ? parseJson(value) : value;
		if (parsed === undefined) {
			throw new InvalidValueError('is not valid JSON', 'Check its brackets, quotes and commas.');
		}
		return read(parsed, context);
	};

/** A field of an object. */
interface Member {
	read: Parser;
	isRequired: boolean;
}

/** A field that an object must have. */
export const required = (read: Parser): Member => ({ read, isRequired: true });

/** A field that an object may have. */
export const optional = (read: Parser): Member => ({ read, isRequired: false });

/** An object with these fields and no others. */
export const objectOf =
	(members: Readonly<Record<string, Member>>): Parser<object> =>
	(value, context) => {
		if (isEmpty(value)) return undefined;
		if (!isObject(value)) {
			throw new InvalidValueError('is not an object', EXAMPLE);
		}
		const foreign = Object.keys(value).find((name) => !Object.hasOwn(members, name));
		if (foreign !== undefined) {
			throw new InvalidValueError(
				'has an unknown field',
				`The fields of this object are: ${Object.keys(members).join(', ')}.`,
			);
		}
		return Object.fromEntries(
			Object.entries(members).flatMap(([name, member]) => {
				const read = readMember(name, member, value[name], context);
				return read === undefined ? [] : [[name, read]];
			}),
		);
	};

/** @param min minimum number of values */
export const arrayOf =
	<Value>(item: Parser<Value>, min = 0): Parser<Value[]> =>
	(value, context) => {
		if (isEmpty(value)) return undefined;
		if (!Array.isArray(value) || value.length < min) {
			throw new InvalidValueError('is not a list', EXAMPLE);
		}
		return value.map((one) => {
			const read = item(one, context);
			if (read === undefined) throw new InvalidValueError('has an empty list entry', EXAMPLE);
			return read;
		});
	};

function readMember(
	name: string,
	{ read, isRequired }: Member,
	value: unknown,
	context: ParsingContext,
): unknown {
	const member = inside(name, () => read(value, context));
	if (member === undefined && isRequired) {
		throw new InvalidValueError(`has no '${name}'`, `Add '${name}'.`);
	}
	return member;
}

/** Adds the name of the inner field to an error of its parser. */
function inside<Value>(name: string, read: () => Value): Value {
	try {
		return read();
	} catch (error) {
		throw within(name, error);
	}
}

function within(name: string, error: unknown): unknown {
	return error instanceof InvalidValueError
		? new InvalidValueError(`has a '${name}' that ${error.message}`, error.advice)
		: error;
}
