import { DateTime } from 'luxon';

import { Refusal } from './response.mts';
import { UploadedFile } from './multipart.mts';

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

/** The values of declared fields. */
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
/** 24-hour times are an error. */
export const clockTime = matching(/^(1[0-2]|[1-9]):[0-5]\d (am|pm)$/, 'a time as h:mm am/pm');
export const instant = matching(
	/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d[+-](0\d|1[0-4]):[0-5]\d$/,
	'an existing time as YYYY-MM-DDTHH:mm:ss±HH:MM',
	exists,
);

/** In the format that some pages name. */
export const phoneNumber = matching(/^\d{3}-\d{3}-\d{4}$/, 'a phone number as XXX-XXX-XXXX');
export const state = matching(/^[A-Za-z]{2}$/, 'a state of two letters');
export const zip = matching(/^\d{5}(-\d{4})?$/, 'a ZIP code of 5 digits, or 9 with a hyphen');
export const cobaltId = matching(/^[0-9a-f]{32}$/, 'a valid UUID');
/** Not `URL.canParse`, which on Node 20 and 22 refuses letters such as ü after some thousand calls. */
function isUrl(text: string): boolean {
	try {
		return new URL(text).href !== '';
	} catch {
		return false;
	}
}

export const httpsUrl = matching(/^https:\/\/./, 'an https URL', isUrl);
export const loopbackUrl = matching(
	/^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?([/?]|$)/,
	'an http URL of this machine',
	isUrl,
);
/** A time of day as shifts have it. */
export const shiftTime = matching(/^T([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/, 'a time as THH:MM:SS');
/** Searched for what is wrong, since a repetition over a whole file may overflow the stack of V8. */
export const base64 = matching(
	/^[A-Za-z0-9+/]/,
	'a file in base64',
	(value) => value.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(value.replace(/={1,2}$/, '')),
);
/** Availability documents a day and shows a time. */
export const dayOrInstant = anyOf(day, instant);

/** A text of a limited length. */
export function textOf(shortest: number, longest: number): Check<string> {
	return matching(
		/^/,
		`a string of ${shortest} to ${longest} characters`,
		(value) => value.length >= shortest && value.length <= longest,
	);
}

/** A value that one of these checks accepts. */
export function anyOf<T, Other>(one: Check<T>, other: Check<Other>): Check<T | Other> {
	return {
		expects: `${one.expects}, or ${other.expects}`,
		read: (value) => one.read(value) ?? other.read(value),
	};
}

/** One of a few strings. */
export function oneOf<const Value extends string>(...values: readonly Value[]): Check<Value> {
	return {
		expects: `one of ${values.map((value) => `"${value}"`).join(', ')}`,
		read: (value) => values.find((allowed) => allowed === value),
	};
}

/** Booleans are strings in requests. */
export const flag = oneOf('true', 'false');

/** One of a few strings, in any case. */
export function oneOfAnyCase<const Value extends string>(
	...values: readonly Value[]
): Check<Value> {
	const exact = oneOf(...values);
	return {
		expects: exact.expects,
		read: (value) => exact.read(typeof value === 'string' ? value.toLowerCase() : value),
	};
}

export const bool: Check<boolean> = {
	expects: 'true or false',
	read: (value) => (typeof value === 'boolean' ? value : undefined),
};

/** A number in JSON. */
export function numberFrom(lowest: number): Check<number> {
	return {
		expects: `a number from ${lowest}`,
		read: (value) => (typeof value === 'number' && value >= lowest ? value : undefined),
	};
}

/** A whole number in JSON. */
export function integerFrom(lowest: number, highest = Infinity): Check<number> {
	return {
		expects: `a whole number from ${lowest}${highest === Infinity ? '' : ` to ${highest}`}`,
		read(value) {
			const number = Number.isInteger(value) ? numberFrom(lowest).read(value) : undefined;
			return number !== undefined && number <= highest ? number : undefined;
		},
	};
}

/** A list in JSON. */
export function listOf<T>(item: Check<T>, max = Infinity): Check<T[]> {
	return {
		expects: `a list${max === Infinity ? '' : ` of up to ${max}`}, each ${item.expects}`,
		read(value) {
			if (!Array.isArray(value) || value.length > max) return undefined;
			const items = value.map((one) => item.read(one)).filter((one) => one !== undefined);
			return items.length === value.length ? items : undefined;
		},
	};
}

/** A list written with commas, as queries have it. */
export function commaListOf<T>(item: Check<T>): Check<T[]> {
	const list = listOf(item);
	return {
		expects: `${list.expects}, with commas between`,
		read: (value) => (typeof value === 'string' ? list.read(value.split(',')) : undefined),
	};
}

/** An object with declared fields. Errors inside it name the inner field. */
export function objectOf<F extends Fields>(fields: F): Check<Values<F>> {
	return {
		expects: 'an object',
		read: (value) => (isObject(value) ? readBody(fields, value) : undefined),
	};
}

/** A file in a multipart body. Empty ones are not documented: they are refused. */
export const file: Check<UploadedFile> = {
	expects: 'a file that is not empty',
	read: (value) => (value instanceof UploadedFile && value.bytes.length > 0 ? value : undefined),
};

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

/** An endpoint's message for missing fields: the documents have several wordings. */
export type MissingWording = (names: readonly string[]) => string;

const missingField: MissingWording = ([name]) => `Missing required field: ${String(name)}`;
export const missingQuoted: MissingWording = ([name]) => `'${String(name)}' is required.`;
export const missingParameters: MissingWording = (names) =>
	`Missing required parameters: ${names.join(', ')}.`;

/** Refuses a body that lacks one of these fields. */
export function requireFields(
	names: readonly string[],
	input: Json,
	wording: MissingWording = missingField,
): void {
	const absent = missing(names, input);
	if (absent.length > 0) throw new Refusal(400, wording(absent));
}

/** Refuses an update that updates nothing. */
export function requireAny(body: object): void {
	if (Object.keys(body).length === 0) throw new Refusal(400, 'No fields to update.');
}

/** Refuses a body for having these fields. */
export function refuseFields(names: readonly string[], because = ''): void {
	if (names.length === 0) return;
	throw new Refusal(400, `Unexpected fields in request body: ${names.join(', ')}${because}`);
}

/** Reads a body strictly: missing, wrongly typed and undeclared fields are refused. */
export function readBody<F extends Fields>(
	fields: F,
	input: unknown,
	wording?: MissingWording,
): Values<F> {
	if (!isObject(input)) throw new Refusal(400, 'Request body must be a JSON object.');
	refuseFields(Object.keys(input).filter((name) => !Object.hasOwn(fields, name)));
	requireFields(requiredNames(fields), input, wording);
	return readAll(fields, input);
}

/** Reads a query as strictly as a body. The documents do not say that undeclared parameters are refused, but
 * ignoring them would hide that a client sends something undocumented. */
export function readQuery<F extends Fields>(fields: F, input: Record<string, string>): Values<F> {
	const strange = Object.keys(input).filter((name) => !Object.hasOwn(fields, name));
	if (strange.length > 0) {
		throw new Refusal(400, `Unexpected query parameters: ${strange.join(', ')}`);
	}
	requireFields(requiredNames(fields), input, missingParameters);
	return readAll(fields, input);
}
