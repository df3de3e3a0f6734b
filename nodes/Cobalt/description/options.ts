import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import {
	fieldsOf,
	isWrite,
	OPTIONS,
	type JobLookUp,
	type Operation,
	type Submission,
} from '../declarations/operation';
import { variantsOf } from './toolVariant';

/** The Wait for Result toggle, by the kind of operation. */
export const waitForResult: Record<'submission' | 'jobLookUp', INodeProperties> = {
	submission: {
		displayName: 'Wait for Result',
		name: 'waitForResult',
		type: 'boolean',
		default: true,
		description:
			"Whether to wait until the EHR has finished. If off, the item is returned right away with its job_id, and 'Job: Get Result' gets the result later.",
	},
	jobLookUp: {
		displayName: 'Wait for Result',
		name: 'waitForResult',
		type: 'boolean',
		default: false,
		description: 'Whether to wait if the job is still pending. If off, the job is checked once.',
	},
};

const checkRequiredFields: INodeProperties = {
	displayName: 'Check Required Fields',
	name: 'checkRequiredFields',
	type: 'boolean',
	default: true,
	description:
		'Whether to check the patient fields that your Cobalt account requires, and to stop before anything is sent if one is missing',
};

const concurrency: INodeProperties = {
	displayName: 'Concurrency',
	name: 'concurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 20 },
	default: 5,
	description:
		'How many items of one clinic to submit at the same time. Set to 1 to submit them in order, one after another.',
};

const timesWithoutOffset: INodeProperties = {
	displayName: 'Read Times Without Offset In',
	name: 'timesWithoutOffset',
	type: 'options',
	options: [
		{
			name: "Clinic's Timezone",
			value: 'clinic',
			description:
				"The timezone in the clinic's settings at Cobalt, which are read once for all items. If Cobalt does not say it, nothing is submitted.",
		},
		{
			name: "Workflow's Timezone",
			value: 'workflow',
			description: "The timezone in the workflow's settings, or n8n's own if none is set there",
		},
	],
	default: 'workflow',
	description: 'The timezone of a time such as 2025-03-15 2:00 PM, which has no offset',
};

const ifResponseLost: INodeProperties = {
	displayName: "If Cobalt's Response Is Lost",
	name: 'ifResponseLost',
	type: 'options',
	options: [
		{
			name: 'Search for the Appointment',
			value: 'search',
			description:
				"Search the patient's appointments for it until the timeout, and continue if exactly one matches. It is never submitted again.",
		},
		{
			name: 'Stop with an Error',
			value: 'stop',
			description: 'So that someone can check the EHR',
		},
	],
	default: 'stop',
	description: 'What to do when the connection drops before Cobalt confirms the appointment',
};

const allowResubmission: INodeProperties = {
	displayName: 'Allow Resubmission on Retry',
	name: 'allowResubmission',
	type: 'boolean',
	default: false,
	description:
		"Whether 'Retry' may submit an item again after an execution was stopped or crashed, when n8n no longer knows whether it was submitted. Check the EHR first: this can create duplicates.",
};

/** On by default: adding the option and leaving it unchanged must not submit anything. */
const validateOnly: INodeProperties = {
	displayName: 'Validate Only',
	name: 'validateOnly',
	type: 'boolean',
	default: true,
	description:
		'Whether to read and check everything, and to return the request instead of sending it. Nothing is changed in the EHR or at Cobalt.',
};

const showRequestCount: INodeProperties = {
	displayName: 'Show Request Count',
	name: 'showRequestCount',
	type: 'boolean',
	default: false,
	description: 'Whether to show in a hint how many requests the wait took',
};

const pollInterval: INodeProperties = {
	displayName: 'Poll Interval (Seconds)',
	name: 'pollInterval',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 1,
	description:
		'How often to check for results. All jobs of a run are checked together. After 90 seconds, the interval slowly grows to 3 seconds.',
};

const onTimeout: INodeProperties = {
	displayName: 'On Timeout',
	name: 'onTimeout',
	type: 'options',
	options: [
		{
			name: 'Return Pending Item',
			value: 'returnPending',
			description: "Return the item with job_status 'pending' and its job_id",
		},
		{
			name: 'Stop with an Error',
			value: 'fail',
			description: 'The job keeps running in the EHR',
		},
	],
	default: 'returnPending',
};

/** The options of an operation, in alphabetical order; undefined if it has none. */
export function optionsProperty(operation: Operation): INodeProperties | undefined {
	const settings = operation.settings?.flatMap(variantsOf) ?? [];
	const options = [...settings, ...ownOptions(operation)];
	if (options.length === 0) return undefined;
	return {
		...OPTIONS,
		type: 'collection',
		default: {},
		...(operation.kind === 'jobLookUp' && { displayOptions: whileWaiting('waitForResult') }),
		options: options.sort((one, other) => one.displayName.localeCompare(other.displayName)),
	};
}

/** Options that the node itself acts on. */
function ownOptions(operation: Operation): INodeProperties[] {
	switch (operation.kind) {
		case 'submission':
		case 'jobLookUp':
			return [...submitOptions(operation), ...waitOptions(operation)];
		case 'change':
		case 'link':
			return [validateOnly];
		case 'record':
		case 'list':
		case 'download':
			return [];
	}
}

const whileWaiting = (toggle: string): IDisplayOptions => ({ show: { [toggle]: [true] } });

function submitOptions(operation: Submission | JobLookUp): INodeProperties[] {
	if (operation.kind === 'jobLookUp') return [];
	return [
		concurrency,
		...(operation.requiredBySettings ? [checkRequiredFields] : []),
		...(operation.recordMatcher ? [ifResponseLost] : []),
		...(fieldsOf(operation).some(({ isDateTime }) => isDateTime) ? [timesWithoutOffset] : []),
		...(isWrite(operation) ? [allowResubmission, validateOnly] : []),
	];
}

function waitOptions({ kind, timeoutSeconds }: Submission | JobLookUp): INodeProperties[] {
	const timeout: INodeProperties = {
		displayName: 'Timeout (Seconds)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: timeoutSeconds,
		description: 'How long to wait for each job. After that, it keeps running in the EHR.',
	};
	// For other kinds, the whole list is hidden unless the node waits.
	const displayOptions = kind === 'submission' && whileWaiting('/waitForResult');
	return [showRequestCount, pollInterval, timeout, onTimeout].map((property) => ({
		...property,
		...(displayOptions && { displayOptions }),
	}));
}
