import type { IHttpRequestMethods } from 'n8n-workflow';

import type { TerminalEvents } from '../../shared/events/terminalEvents';
import type { Encoding } from '../../shared/http/body';
import type { Simplified } from '../../shared/normalize/normalize';
import type { Field } from './field';
import type { RecordMatcher } from './recordMatcher';
import type { Rule } from './rules';

/** Optional fields, offered in n8n's "Add Field" list. */
export interface OptionalFields {
	name: 'additionalFields' | 'updateFields' | 'filters';
	displayName: string;
	/** What the button says. */
	placeholder: string;
	/** At least one of them must be filled in. */
	atLeastOne?: boolean;
	/** What is added must be filled in: a filter that gives nothing would let everything through. */
	neverEmpty?: boolean;
	fields: Field[];
}

interface OperationBase {
	/** The value of the Operation dropdown. */
	value: string;
	name: string;
	/**
	 * Sentence case, with the resource, without articles: what n8n lists in its node creator and tells
	 * an AI agent.
	 */
	action: string;
	description: string;
	/** Without `/v1`, for example `/appointments/{id}`. */
	path: string;
	fields: Field[];
	optional?: OptionalFields;
	/** What must hold between fields. */
	rules?: Rule[];
}

/** A request that Cobalt answers with a job. */
export interface Submission extends OperationBase {
	kind: 'submission';
	method: IHttpRequestMethods;
	encoding?: Encoding;
	/** Whether it only reads (live looks): it may be sent any number of times. */
	isRead?: true;
	/** The key of the record's own id in Cobalt's answer and in the item, where there is one. */
	recordKey?: string;
	/** Cobalt's recommendation for how long to wait (seeds: best practices), in seconds. */
	timeoutSeconds: number;
	terminalEvents: TerminalEvents;
	/** Where its record turns up, if one of Cobalt's lists tells that it is from a submission. */
	recordMatcher?: RecordMatcher;
	/** What Cobalt documents of the completing event's data, in our spelling: for previews and docs. */
	eventData?: readonly string[];
	/** Lists in the event's data, by key, with what Simplify leaves of their records. */
	lists?: Readonly<Record<string, Simplified>>;
	/** In bytes, where Cobalt documents a limit. The field is the one to blame. */
	bodyLimit?: { bytes: number; field: string };
	/** The account's settings have a list of further required fields, under this key. */
	requiredBySettings?: 'required_patient_fields';
}

/** A write that Cobalt carries out at once. */
export interface Mutation extends OperationBase {
	kind: 'change';
	method: IHttpRequestMethods;
	/** As in {@link Submission}. */
	recordKey: string;
	/** With Simplify; absent where the answer is narrow. */
	simplified?: Simplified;
}

/** A read of one record. */
export interface RecordRead extends OperationBase {
	kind: 'record';
	/** Where the answer has the record. Absent: the answer is the record. */
	key?: string;
	simplified?: Simplified;
}

/** A read of many records, each of which becomes an item. */
export interface ListRead extends OperationBase {
	kind: 'list';
	/** Where the answer has the records; a dot leads into an object. */
	key: string;
	/** The largest page that Cobalt documents. Absent where it documents none. */
	pageSize?: number;
	/** What the answer says of all records, by key: goes into each of them. */
	shared?: readonly string[];
	simplified?: Simplified;
}

/** A read of a file. */
interface Download extends OperationBase {
	kind: 'download';
}

/** A look at a job that was submitted earlier. Its one field is the job's id. */
export interface JobLookUp extends OperationBase {
	kind: 'jobLookUp';
	timeoutSeconds: number;
}

/** Reads may be repeated. */
export type Read = RecordRead | ListRead | Download;

export type Operation = Submission | Mutation | Read | JobLookUp;

/** How n8n calls the operation that lists records. */
export const GET_MANY = 'getAll';

/** A group of operations: one entry of the Resource dropdown. */
export interface Resource {
	value: string;
	name: string;
	/** The operation that people come for most. */
	defaultOperation: string;
	operations: Operation[];
}

/** All fields of an operation, optional ones too. */
export function fieldsOf({ fields, optional }: Operation): Field[] {
	return [...fields, ...(optional?.fields ?? [])];
}

/** How the request of an operation is made. */
export function methodOf(operation: Operation): IHttpRequestMethods {
	return 'method' in operation ? operation.method : 'GET';
}

/** Whether Simplify makes a difference. */
export function isSimplifiable(operation: Operation): boolean {
	return (
		operation.kind === 'submission' ||
		operation.kind === 'jobLookUp' ||
		('simplified' in operation && operation.simplified !== undefined)
	);
}
