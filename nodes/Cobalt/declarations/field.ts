import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { isObject } from '../../shared/json';
import { flag } from '../../shared/parsers/boolean';
import { date } from '../../shared/parsers/dateTime';
import { code, id } from '../../shared/parsers/id';
import { listOf } from '../../shared/parsers/list';
import type { Parser } from '../../shared/parsers/parser';
import { line, name, oneOf, multiline } from '../../shared/parsers/text';
import { appointmentTime } from '../parsers/appointmentTime';
import { birthDate } from '../parsers/birthDate';

/** One input of an operation: how n8n shows it, and how it is read. */
export interface Field {
	/**
	 * Cobalt's name for it. Where it goes follows from the operation: into the path when that has a place
	 * for it, else into the query of a GET or the body of anything else. A dot leads into an object.
	 */
	key: string;
	/** False for what only steers the form. Default true. */
	isSent?: boolean;
	property: INodeProperties;
	read: Parser;
	/** Refused when it is empty, as long as it is shown. */
	isRequired?: boolean;
	/** The value names binary fields of the item: one, or several. The files are what is sent. */
	file?: 'one' | 'several';
}

/** What a field may have beside its key and its label. */
export interface FieldOptions {
	placeholder?: string;
	description?: string;
	/** The parameter's name in n8n. Default: the key in camel case. */
	name?: string;
	/** Default: what fits the kind of field. */
	read?: Parser;
	show?: ShowWhen;
}

/** Shown only while other parameters have one of these values. */
export type ShowWhen = Record<string, string[]>;

type Kind = Pick<
	INodeProperties,
	'type' | 'default' | 'options' | 'typeOptions' | 'modes' | 'hint'
>;

/** A field of any kind. */
export function field(
	key: string,
	displayName: string,
	about: FieldOptions & { read: Parser },
	kind: Kind,
): Field {
	const { name = camelCase(key), read, show, placeholder, description } = about;
	return {
		key,
		read,
		property: {
			displayName,
			name,
			...kind,
			...(show && { displayOptions: { show } }),
			...(placeholder !== undefined && { placeholder }),
			...(description !== undefined && { description }),
		},
	};
}

const camelCase = (key: string): string =>
	key.replace(/[._](\w)/g, (_, letter: string) => letter.toUpperCase());

/** One line of words. What is an id, a code or a name has a kind of its own. */
export function text(key: string, displayName: string, about: FieldOptions = {}): Field {
	return field(key, displayName, { read: line, ...about }, { type: 'string', default: '' });
}

/** Lines and paragraphs. */
export function longText(key: string, displayName: string, about: FieldOptions = {}): Field {
	const kind: Kind = { type: 'string', typeOptions: { rows: 4 }, default: '' };
	return field(key, displayName, { read: multiline, ...about }, kind);
}

/** An id of Cobalt or of the EHR, in the address or not. */
export function identifier(key: string, displayName: string, about: FieldOptions = {}): Field {
	return text(key, displayName, { read: id, ...about });
}

/** A word of the account or of a code system. */
export function codeWord(key: string, displayName: string, about: FieldOptions = {}): Field {
	return text(key, displayName, { read: code, ...about });
}

/** The name of a person or a company, or a part of it. */
export function nameText(key: string, displayName: string, about: FieldOptions = {}): Field {
	return text(key, displayName, { read: name, ...about });
}

/**
 * The moment at which an appointment starts. A text, for n8n's date picker drops the offset that one types or
 * pastes, and what it does not understand, without a word: the appointment would be hours off.
 */
export function moment(key: string, displayName: string, about: FieldOptions = {}): Field {
	return field(
		key,
		displayName,
		{ read: appointmentTime, ...about },
		{ type: 'string', default: '' },
	);
}

/** A calendar date. */
export function day(key: string, displayName: string, about: FieldOptions = {}): Field {
	const kind: Kind = { type: 'dateTime', typeOptions: { dateOnly: true }, default: '' };
	return field(key, displayName, { read: date, ...about }, kind);
}

/** The date on which a person was born. */
export function birthday(key: string, displayName: string, about: FieldOptions = {}): Field {
	return day(key, displayName, { read: birthDate, ...about });
}

/** Yes or no, by default in the words that Cobalt takes. */
export function boolean(
	key: string,
	displayName: string,
	{ initially = true, ...about }: FieldOptions & { initially?: boolean },
): Field {
	return field(key, displayName, { read: flag, ...about }, { type: 'boolean', default: initially });
}

export function number(
	key: string,
	displayName: string,
	{
		initially,
		...about
	}: FieldOptions & {
		read: Parser;
		initially: number;
		typeOptions?: INodeProperties['typeOptions'];
	},
): Field {
	const { typeOptions } = about;
	return field(key, displayName, about, { type: 'number', typeOptions, default: initially });
}

type Option = INodePropertyOptions & { value: string };

/** One of a few words; unless told, the first is preselected. */
export function options(
	key: string,
	displayName: string,
	options: readonly Option[],
	{ initially = options[0]?.value ?? '', ...about }: FieldOptions & { initially?: string } = {},
): Field {
	const read = oneOf(...options.map(({ value }) => value));
	const kind: Kind = { type: 'options', options: [...options], default: initially };
	return field(key, displayName, { read, ...about }, kind);
}

/** Any number of a few words. */
export function multiOptions(key: string, displayName: string, options: readonly Option[]): Field {
	const read = listOf(oneOf(...options.map(({ value }) => value)));
	return field(
		key,
		displayName,
		{ read },
		{ type: 'multiOptions', options: [...options], default: [] },
	);
}

/** JSON, which `read` checks. Its editor shows no placeholder, so the example is a hint below it. */
export function jsonText(
	key: string,
	displayName: string,
	{ example, ...about }: FieldOptions & { read: Parser; example: string },
): Field {
	const kind: Kind = { type: 'json', default: '', hint: `For example ${example}` };
	return field(key, displayName, about, kind);
}

/** The name of a binary field; an expression may give the file itself. */
const fileSource: Parser = (value, context) => (isObject(value) ? value : line(value, context));

/** Files from binary fields of the item. */
export function file(
	key: string,
	displayName: string,
	{ several = false, initially, ...about }: FieldOptions & { several?: boolean; initially: string },
): Field {
	const read = several ? listOf(fileSource) : fileSource;
	return {
		...field(key, displayName, { read, ...about }, { type: 'string', default: initially }),
		file: several ? 'several' : 'one',
	};
}

/**
 * Makes fields required. Those that are shown in some cases only are not marked for n8n: it would demand
 * all of them as soon as an expression decides which are shown.
 */
export function required(given: Field): Field {
	const isAlwaysShown = given.property.displayOptions === undefined;
	return {
		...given,
		isRequired: true,
		property: { ...given.property, ...(isAlwaysShown && { required: true }) },
	};
}

/** A field that only decides which others are shown. */
export const formOnly = (given: Field): Field => ({ ...given, isSent: false });
