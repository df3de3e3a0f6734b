import type { IHttpRequestMethods, INodeProperties } from 'n8n-workflow';

import type { Reader } from '../fields/reader';
import type { Settlement } from '../jobs/outcome';

/** One input of an operation: how n8n shows it, how it is read, and where it goes. */
export interface Field {
	/** `required: true` makes n8n mark it and makes us refuse it when it is empty. */
	property: INodeProperties;
	read: Reader;
	to: Target;
}

/** The place of a value in the request, by Cobalt's name for it. */
export type Target = { body: string } | { path: string } | { query: string };

/** Optional fields, offered in n8n's "Add Field" list. */
export interface OptionalFields {
	name: 'additionalFields' | 'updateFields';
	displayName: string;
	/** At least one of them must be filled in. */
	atLeastOne?: boolean;
	fields: Field[];
}

interface OperationBase {
	/** The value of the Operation dropdown. */
	value: string;
	name: string;
	/** Sentence case, with the resource, without articles: what n8n lists in its node creator. */
	action: string;
	description: string;
	fields: Field[];
	optional?: OptionalFields;
	/** Cobalt's recommendation for how long to wait (seeds: best practices), in seconds. */
	timeoutSeconds: number;
}

/** A write that Cobalt answers with a job. */
export interface Submission extends OperationBase {
	kind: 'submission';
	method: IHttpRequestMethods;
	/** Without `/v1`, for example `/appointments/{id}`. */
	path: string;
	/** The key of the record's own id, in Cobalt's answer and in the item. */
	recordKey: string;
	settlement: Settlement;
}

/** A look at a job that was submitted earlier. Its one field is the job's id. */
export interface JobLookUp extends OperationBase {
	kind: 'jobLookUp';
}

export type Operation = Submission | JobLookUp;

/** A group of operations: one entry of the Resource dropdown. */
export interface Resource {
	value: string;
	name: string;
	/** The operation that people come for most. */
	defaultOperation: string;
	operations: Operation[];
}
