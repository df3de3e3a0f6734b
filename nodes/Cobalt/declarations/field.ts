import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { isObject } from '../../shared/json';
import { flag } from '../../shared/parsers/boolean';
import { code, id } from '../../shared/parsers/id';
import { listOf } from '../../shared/parsers/list';
import type { Parser } from '../../shared/parsers/parser';
import { line, name, oneOf, multiline } from '../../shared/parsers/text';
import { appointmentTime } from '../parsers/appointmentTime';
import { birthDate } from '../parsers/birthDate';
import { anyDay } from '../parsers/yearRange';

/** One input of an operation: how n8n shows it, and how its value is parsed. */
export interface Field {
	/**
	 * Cobalt's name for it. The value goes into the path if that has a placeholder for it, otherwise into the
	 * query of a GET or the body of any other request. A dot leads into an object.
	 */
	key: string;
	/** False for a field that only controls the form. Default true. */
	isSent?: boolean;
	property: INodeProperties;
	/** What differs in the tool of an agent. Of a field, a model sees the label alone. */
	asTool?: Partial<Pick<INodeProperties, 'displayName' | 'placeholder' | 'default'>>;
	/** A sentence for the tool's description, if the label cannot say what is expected. */
	toolNote?: string;
	read: Parser;
	/** Whether an empty value is refused, as long as the field is shown. */
	isRequired?: boolean;
	/** The value is a date and time, and may be written without an offset. */
	isDateTime?: true;
	/** The value names one or several binary fields of the item, whose files are sent. */
	file?: 'one' | 'several';
}

/** Optional settings of a field, besides its key and label. */
export interface FieldOptions {
	placeholder?: string;
	description?: string;
	/** Name of the parameter in n8n. Default: the key in camel case. */
	name?: string;
	/** Default: the parser for this kind of field. */
	read?: Parser;
	show?: ShowWhen;
}

/** The field is shown only while other parameters have one of these values. */
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

/** One line of words. Ids, codes and names have kinds of their own. */
export function text(key: string, displayName: string, about: FieldOptions = {}): Field {
	return field(key, displayName, { read: line, ...about }, { type: 'string', default: '' });
}

/** Text of several lines. */
export function longText(key: string, displayName: string, about: FieldOptions = {}): Field {
	const kind: Kind = { type: 'string', typeOptions: { rows: 4 }, default: '' };
	return field(key, displayName, { read: multiline, ...about }, kind);
}

/** An id of Cobalt or of the EHR. */
export function identifier(key: string, displayName: string, about: FieldOptions = {}): Field {
	return text(key, displayName, { read: id, ...about });
}

/** A code of the account or of a code system. */
export function codeWord(key: string, displayName: string, about: FieldOptions = {}): Field {
	return text(key, displayName, { read: code, ...about });
}

/** The name of a person or a company, or part of one. */
export function nameText(key: string, displayName: string, about: FieldOptions = {}): Field {
	return text(key, displayName, { read: name, ...about });
}

/**
 * The date and time at which an appointment starts. A text field, because n8n's date picker silently drops a
 * typed or pasted offset: the appointment would be hours off.
 */
export function dateTime(key: string, displayName: string, about: FieldOptions = {}): Field {
	const kind: Kind = { type: 'string', default: '' };
	return {
		...field(key, displayName, { read: appointmentTime, ...about }, kind),
		isDateTime: true,
		asTool: {
			displayName: `${displayName} with Offset`,
			placeholder: 'e.g. 2025-03-15T14:00:00-05:00',
		},
	};
}

/** A calendar date. */
export function day(key: string, displayName: string, about: FieldOptions = {}): Field {
	const kind: Kind = { type: 'dateTime', typeOptions: { dateOnly: true }, default: '' };
	return field(key, displayName, { read: anyDay, ...about }, kind);
}

/** A date of birth. */
export function birthday(key: string, displayName: string, about: FieldOptions = {}): Field {
	return day(key, displayName, { read: birthDate, ...about });
}

/** Yes or no; by default sent as the text "true" or "false". */
export function boolean(
	key: string,
	displayName: string,
	{ initially = true, ...about }: FieldOptions & { initially?: boolean },
): Field {
	return field(key, displayName, { read: flag, ...about }, { type: 'boolean', default: initially });
}

/** A number. `initially` is its value when the user adds the field. */
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

/** One of a few values; by default, the first is preselected. */
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

/** Any number of a few values. */
export function multiOptions(key: string, displayName: string, options: readonly Option[]): Field {
	const read = listOf(oneOf(...options.map(({ value }) => value)));
	return field(
		key,
		displayName,
		{ read },
		{ type: 'multiOptions', options: [...options], default: [] },
	);
}

/** JSON, which `read` checks. n8n's JSON editor shows no placeholder, so the example is a hint below it. */
export function jsonText(
	key: string,
	displayName: string,
	{ example, ...about }: FieldOptions & { read: Parser; example: string },
): Field {
	const kind: Kind = { type: 'json', default: '', hint: `For example ${example}` };
	return field(key, displayName, about, kind);
}

/** The name of a binary field; an expression may return the file itself. */
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
 * Makes a field required. n8n is not told about fields that are shown only in some cases: if an expression
 * decides which are shown, n8n would require all of them.
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
