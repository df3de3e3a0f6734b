import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

import type { TerminalEvents } from '../../shared/events/terminalEvents';
import type { Encoding } from '../../shared/http/body';
import type { Simplified } from '../../shared/normalize/normalize';
import type { RecordList } from '../../shared/pagination/findRecord';
import type { List } from '../../shared/pagination/pages';
import type { Field } from './field';
import type { RecordMatcher } from './recordMatcher';
import type { Rule, Values } from './rules';

/** Optional fields, offered in n8n's "Add Field" list. */
export interface OptionalFields {
	name: 'additionalFields' | 'updateFields' | 'filters' | 'options';
	displayName: string;
	/** Label of the button. */
	placeholder: string;
	/** Whether at least one of them must be filled in. */
	atLeastOne?: boolean;
	/** Whether an added field must be filled in: an empty filter would let everything through. */
	neverEmpty?: boolean;
	fields: Field[];
}

interface OperationBase {
	/** The value of the Operation dropdown. */
	value: string;
	name: string;
	/**
	 * Sentence case, with the resource, without articles. n8n shows it in its node creator and to AI agents.
	 */
	action: string;
	description: string;
	/** Without `/v1`, for example `/appointments/{id}`. */
	path: string;
	fields: Field[];
	optional?: OptionalFields;
	/**
	 * Settings for how Cobalt computes its response. They are sent like all other fields, but shown under
	 * Options, because they are not filters.
	 */
	settings?: Field[];
	/** Conditions between fields. */
	rules?: Rule[];
}

/** A request to which Cobalt responds with a job. */
export interface Submission extends OperationBase {
	kind: 'submission';
	method: IHttpRequestMethods;
	encoding?: Encoding;
	/** Whether it only reads (live fetches), so that it may be sent any number of times. */
	isRead?: true;
	/** The key of the record's id in Cobalt's response and in the item, if there is one. */
	recordKey?: string;
	/** The list in which Cobalt's id of a record is found if the user enters another id of it. */
	idFoundIn?: RecordList;
	/** How long to wait, in seconds. */
	timeoutSeconds: number;
	terminalEvents: TerminalEvents;
	/** Where its record appears, if one of Cobalt's lists shows which records come from a submission. */
	recordMatcher?: RecordMatcher;
	/**
	 * Keys, of fields or of the event's data, that tell what the record is and whose. They come first in the
	 * item.
	 */
	subject?: readonly string[];
	/** Documented keys of the completing event's data, by their output names. */
	eventData?: readonly string[];
	/** Lists in the event's data, by key, with the fields that a simplified item keeps of their records. */
	lists?: Readonly<Record<string, Simplified>>;
	/** Limit in bytes, if Cobalt documents one, and the field that the error names. */
	bodyLimit?: { bytes: number; field: string };
	/** Key of the account's settings with a list of further required fields. */
	requiredBySettings?: 'required_patient_fields';
	/** For a record that is only created if it does not exist yet. */
	findsFirst?: {
		/** The list in which an existing record would be. */
		list: List;
		/** A text that is equal for values about the same record, however they are written. */
		identityOf(values: Values): string;
		/** A text that is equal for values that may be about the same record. */
		subjectOf(values: Values): string;
	};
}

/** A write that Cobalt carries out immediately. */
export interface Mutation extends OperationBase {
	kind: 'change';
	method: IHttpRequestMethods;
	/** See {@link Submission.recordKey}. */
	recordKey: string;
	/** Fields of a simplified item; absent if the response is small. */
	simplified?: Simplified;
}

/**
 * A link that a person opens, with a token that Cobalt issues for it. The request is sent with the client's
 * two keys only. An unused token expires, so the request may be repeated (docs/api-notes.md, "What the
 * documents do not say").
 */
export interface LinkCreation extends OperationBase {
	kind: 'link';
	method: IHttpRequestMethods;
	/** The link without the token. */
	linkUrl: string;
	validMinutes: number;
}

/** A read of one record. */
export interface RecordRead extends OperationBase {
	kind: 'record';
	/** Key of the record in the response. Absent: the response is the record. */
	key?: string;
	/** The list in which it is found, if no endpoint returns this single record. */
	foundIn?: RecordList;
	simplified?: Simplified;
}

/** A read of many records, each of which becomes an item of its own. */
export interface ListRead extends OperationBase {
	kind: 'list';
	/** Key of the records in the response; a dot leads into an object. */
	key: string;
	/** The largest page size that Cobalt documents. Absent if it documents none. */
	pageSize?: number;
	/** Whether its records may belong to another clinic than the item, and name their clinic. */
	namesClinic?: true;
	/** Keys of the response that concern all records, and are added to each of them. */
	shared?: readonly string[];
	simplified?: Simplified;
	/**
	 * Derives other records from those of the list, which is then read to its end. The limit applies to the
	 * derived ones.
	 *
	 * @param now epoch milliseconds
	 */
	derive?(records: readonly IDataObject[], values: Values, now: number): Derived;
}

/** Records that are made of others. */
export interface Derived {
	records: IDataObject[];
	/** How many of the others could not be read. */
	unclear: number;
}

/** A read of a file. */
interface Download extends OperationBase {
	kind: 'download';
}

/** The lookup of a job that was submitted earlier. Its only field is the job's id. */
export interface JobLookUp extends OperationBase {
	kind: 'jobLookUp';
	timeoutSeconds: number;
}

/** Reads may be repeated. */
export type Read = RecordRead | ListRead | Download;

export type Operation = Submission | Mutation | LinkCreation | Read | JobLookUp;

/** The collection for settings of an operation, whether they are sent to Cobalt or not. */
export const OPTIONS = {
	displayName: 'Options',
	name: 'options',
	placeholder: 'Add Option',
} as const;

/** n8n's value for the operation that lists records. */
export const GET_MANY = 'getAll';

/** A group of operations: one entry of the Resource dropdown. */
export interface Resource {
	value: string;
	name: string;
	/** The most common operation. */
	defaultOperation: string;
	operations: Operation[];
}

/** All fields of an operation, including optional ones. */
export function fieldsOf(operation: Operation): Field[] {
	return [...operation.fields, ...collectionsOf(operation).flatMap(({ fields }) => fields)];
}

/** The collections in which n8n shows the optional fields of an operation. */
export function collectionsOf({ optional, settings }: Operation): OptionalFields[] {
	return [...(optional ? [optional] : []), ...(settings ? [{ ...OPTIONS, fields: settings }] : [])];
}

/** HTTP method of an operation's request. */
export function methodOf(operation: Operation): IHttpRequestMethods {
	return isGet(operation) ? 'GET' : operation.method;
}

/** Whether an operation only reads what Cobalt has, with GET. */
export function isGet(operation: Operation): operation is Read | JobLookUp {
	const { kind } = operation;
	return kind === 'record' || kind === 'list' || kind === 'download' || kind === 'jobLookUp';
}

/** Whether an operation changes anything in the EHR or at Cobalt. Live fetches only read. */
export function isWrite(operation: Operation): operation is Submission | Mutation | LinkCreation {
	const { kind } = operation;
	return kind === 'change' || kind === 'link' || (kind === 'submission' && !operation.isRead);
}

/**
 * Whether the user chooses what the items contain, which is so wherever they may contain patient data. All
 * other items are what Cobalt sends, or are created here.
 */
export function hasOutputChoice(operation: Operation): boolean {
	return (
		operation.kind === 'submission' ||
		operation.kind === 'jobLookUp' ||
		('simplified' in operation && operation.simplified !== undefined)
	);
}
