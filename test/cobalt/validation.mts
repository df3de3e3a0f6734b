import { DateTime } from 'luxon';
import { Refusal } from './answer.mts';

interface Check<T> {
	/** What a valid value looks like, for the error message. */
	expects: string;
	/** The value when it is valid, otherwise undefined. */
	read(value: unknown): T | undefined;
}

interface Field<T = unknown, Required extends boolean = boolean> {
	check: Check<T>;
	required: Required;
}

/** The fields of a body or the parameters of a query, by name. */
export type Fields = Readonly<Record<string, Field>>;

/** What remains of declared fields once they are read. */
export type Values<F extends Fields> = {
	[Name in keyof F]: F[Name] extends Field<infer T, infer Required>
		? Required extends true
			? T
			: T | undefined
		: never;
};

/** Declares a field that must be there. */
export function required<T>(check: Check<T>): Field<T, true> {
	return { check, required: true };
}

/** Declares a field that may be left out. */
export function optional<T>(check: Check<T>): Field<T, false> {
	return { check, required: false };
}

/** The fields of this declaration, all of them optional, as updates take them. */
export function eachOptional<const Name extends string, T>(
	names: readonly Name[],
	check: Check<T>,
): Record<Name, Field<T, false>> {
	const fields = Object.fromEntries(names.map((name) => [name, optional(check)]));
	return fields as Record<Name, Field<T, false>>;
}

function matching(
	pattern: RegExp,
	expects: string,
	makesSense: (value: string) => boolean = () => true,
): Check<string> {
	return {
		expects,
		read: (value) =>
			typeof value === 'string' && pattern.test(value) && makesSense(value) ? value : undefined,
	};
}

const exists = (value: string) => DateTime.fromISO(value, { setZone: true }).isValid;

export const text = matching(/^/, 'a string');
export const digits = matching(/^[1-9]\d*$/, 'a string of digits');
export const day = matching(/^\d{4}-\d{2}-\d{2}$/, 'an existing date as YYYY-MM-DD', exists);
/** 24-hour times are an error (cobalt-api.md 2.5). */
export const clockTime = matching(/^(1[0-2]|[1-9]):[0-5]\d (am|pm)$/, 'a time as h:mm am/pm');
export const instant = matching(
	/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d[+-](0\d|1[0-4]):[0-5]\d$/,
	'an existing time as YYYY-MM-DDTHH:mm:ss±HH:MM',
	exists,
);

/** One of a few strings. */
export function oneOf<const Value extends string>(...values: readonly Value[]): Check<Value> {
	return {
		expects: `one of ${values.map((value) => `"${value}"`).join(', ')}`,
		read: (value) => values.find((allowed) => allowed === value),
	};
}

/** Booleans are strings in requests (cobalt-api.md 6). */
export const flag = oneOf('true', 'false');

/** A whole number written out in a query. */
export function wholeNumber(lowest: number, highest = Infinity): Check<number> {
	return {
		expects: `a whole number from ${lowest}${highest === Infinity ? '' : ` to ${highest}`}`,
		read(value) {
			const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : NaN;
			return number >= lowest && number <= highest ? number : undefined;
		},
	};
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function missing(names: readonly string[], input: Json): string[] {
	return names.filter((name) => [undefined, null, ''].some((nothing) => input[name] === nothing));
}

function requiredNames(fields: Fields): string[] {
	return Object.keys(fields).filter((name) => fields[name]?.required);
}

function readAll<F extends Fields>(fields: F, input: Json): Values<F> {
	const given = Object.entries(fields).filter(([name]) => input[name] !== undefined);
	const values = given.map(([name, { check }]) => {
		const value = check.read(input[name]);
		if (value === undefined) {
			throw new Refusal(400, `Invalid value for field: ${name}. Expected ${check.expects}.`);
		}
		return [name, value];
	});
	return Object.fromEntries(values) as Values<F>;
}

/** Refuses a body that lacks one of these fields. Names one, as the documents do (1.1). */
export function requireFields(names: readonly string[], input: Json): void {
	const [name] = missing(names, input);
	if (name !== undefined) throw new Refusal(400, `Missing required field: ${name}`);
}

/** Refuses a body for having these fields. */
export function refuseFields(names: readonly string[], because = ''): void {
	if (names.length === 0) return;
	throw new Refusal(400, `Unexpected fields in request body: ${names.join(', ')}${because}`);
}

/** Reads a body strictly: nothing missing, nothing of a wrong type, nothing that is not declared. */
export function readBody<F extends Fields>(fields: F, input: unknown): Values<F> {
	if (!isObject(input)) throw new Refusal(400, 'Request body must be a JSON object.');
	refuseFields(Object.keys(input).filter((name) => !Object.hasOwn(fields, name)));
	requireFields(requiredNames(fields), input);
	return readAll(fields, input);
}

/** Reads a query. What is not declared is ignored: no document says that it is refused, and a
 * filter that silently does nothing is the harder case for a client. */
export function readQuery<F extends Fields>(fields: F, input: Record<string, string>): Values<F> {
	const names = missing(requiredNames(fields), input);
	if (names.length > 0) throw new Refusal(400, `Missing required parameters: ${names.join(', ')}.`);
	return readAll(fields, input);
}
