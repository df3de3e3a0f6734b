import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import {
	isWrite,
	OPTIONS,
	type JobLookUp,
	type Operation,
	type Submission,
} from '../declarations/operation';

/** The Wait for Result toggle, by the kind of operation. */
export const waitForResult: Record<'submission' | 'jobLookUp', INodeProperties> = {
	submission: {
		displayName: 'Wait for Result',
		name: 'waitForResult',
		type: 'boolean',
		default: true,
		description:
			'Whether to wait until the EHR has done the work. When off, the item comes out at once with its job_id, and the result can be looked up later.',
	},
	jobLookUp: {
		displayName: 'Wait for Result',
		name: 'waitForResult',
		type: 'boolean',
		default: false,
		description: 'Whether to wait for a job that is not done yet. When off, one look is made.',
	},
};

const checkRequiredFields: INodeProperties = {
	displayName: 'Check Required Fields',
	name: 'checkRequiredFields',
	type: 'boolean',
	default: true,
	description:
		'Whether to look up which fields your Cobalt account requires, and to refuse an item that lacks one before anything is submitted',
};

const concurrentSubmissions: INodeProperties = {
	displayName: 'Concurrent Submissions',
	name: 'concurrentSubmissions',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 20 },
	default: 5,
	description:
		'How many items of one clinic may be on their way to Cobalt at the same time. With 1, they are submitted one after the other, in their order.',
};

const ifOutcomeUnknown: INodeProperties = {
	displayName: 'If Submission Outcome Is Unknown',
	name: 'ifOutcomeUnknown',
	type: 'options',
	options: [
		{
			name: 'Search for Record',
			value: 'lookFirst',
			description:
				'Look through the appointments of the patient for the one that was asked for, for as long as a job is waited for. If it is there, once, the item goes on with it. It is never submitted again.',
		},
		{
			name: 'Stop',
			value: 'stop',
			description: 'Treat the item as one that did not succeed, and let a person find out',
		},
	],
	default: 'stop',
	description:
		'What to do when the connection broke while Cobalt may already have accepted the item',
};

const resubmitForgotten: INodeProperties = {
	displayName: 'Resubmit Untracked Items',
	name: 'resubmitForgotten',
	type: 'boolean',
	default: false,
	description:
		'Whether a retry submits what an earlier execution may have submitted, when n8n has forgotten what became of it (stopped by hand, or crashed). Look in the EHR before: this can book twice.',
};

/** Adding the option switches it on: whoever adds it must not submit by leaving it as it is. */
const validateOnly: INodeProperties = {
	displayName: 'Validate Only',
	name: 'validateOnly',
	type: 'boolean',
	default: true,
	description:
		'Whether to read and check everything, and to return the request instead of sending it. Nothing is changed in the EHR or at Cobalt.',
};

const countRequests: INodeProperties = {
	displayName: 'Count Requests',
	name: 'countRequests',
	type: 'boolean',
	default: false,
	description: 'Whether to say in a hint how many requests the wait took',
};

const pollInterval: INodeProperties = {
	displayName: 'Poll Interval (Seconds)',
	name: 'pollInterval',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 1,
	description:
		'How long to pause between two looks. All jobs of a run are looked for together. From 90 seconds on, the pauses slowly grow, up to 3 seconds.',
};

const onTimeout: INodeProperties = {
	displayName: 'When Time Runs Out',
	name: 'onTimeout',
	type: 'options',
	options: [
		{
			name: 'Return Pending Job',
			value: 'returnPending',
			description: "Hand on the item with job_status 'pending' and its job_id",
		},
		{
			name: 'Fail',
			value: 'fail',
			description: 'Treat the item as one that did not succeed. Its job goes on in the EHR.',
		},
	],
	default: 'returnPending',
};

/** The options of an operation, in alphabetical order; undefined if it has none. */
export function optionsProperty(operation: Operation): INodeProperties | undefined {
	const settings = operation.settings?.map(({ property }) => property) ?? [];
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
		concurrentSubmissions,
		...(operation.requiredBySettings ? [checkRequiredFields] : []),
		...(operation.recordMatcher ? [ifOutcomeUnknown] : []),
		...(isWrite(operation) ? [resubmitForgotten, validateOnly] : []),
	];
}

function waitOptions({ kind, timeoutSeconds }: Submission | JobLookUp): INodeProperties[] {
	const timeout: INodeProperties = {
		displayName: 'Timeout (Seconds)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: timeoutSeconds,
		description:
			'How long to wait for each job. Running out of time is not a failure: the EHR may still finish the work.',
	};
	// The whole list is hidden where there is nothing but the wait to choose.
	const displayOptions = kind === 'submission' && whileWaiting('/waitForResult');
	return [countRequests, pollInterval, timeout, onTimeout].map((property) => ({
		...property,
		...(displayOptions && { displayOptions }),
	}));
}
