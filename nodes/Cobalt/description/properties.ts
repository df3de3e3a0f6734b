import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { resources } from '../resources';
import type { Operation, OptionalFields, Resource } from '../resources/operation';

const waitProperties: Record<Operation['kind'], INodeProperties> = {
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

const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simple',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** Everything that n8n shows of the action node, made from the declarations. */
export function nodeProperties(): INodeProperties[] {
	return [
		resourceProperty(),
		...resources.map(operationProperty),
		...resources.flatMap((resource) =>
			resource.operations.flatMap((operation) => inputProperties(resource, operation)),
		),
	];
}

function resourceProperty(): INodeProperties {
	return {
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: resources.map(({ name, value }) => ({ name, value })),
		default: 'appointment',
	};
}

function operationProperty({ value, operations, defaultOperation }: Resource): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options: operations.map((operation) => ({
			name: operation.name,
			value: operation.value,
			action: operation.action,
			description: operation.description,
		})),
		default: defaultOperation,
	};
}

function inputProperties(resource: Resource, operation: Operation): INodeProperties[] {
	const displayOptions: IDisplayOptions = {
		show: { resource: [resource.value], operation: [operation.value] },
	};
	return [
		...operation.fields.map(({ property }) => property),
		...(operation.optional ? [optionalProperty(operation.optional)] : []),
		waitProperties[operation.kind],
		simplify,
		waitOptionsProperty(operation),
	].map((property) => ({
		...property,
		displayOptions: { show: { ...displayOptions.show, ...property.displayOptions?.show } },
	}));
}

function optionalProperty({ displayName, name, fields }: OptionalFields): INodeProperties {
	return {
		displayName,
		name,
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: fields.map(({ property }) => property),
	};
}

function waitOptionsProperty({ timeoutSeconds }: Operation): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: { waitForResult: [true] } },
		options: [
			{
				displayName: 'Poll Interval (Seconds)',
				name: 'pollInterval',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 1,
				description: 'How long to pause between two looks at a job',
			},
			{
				displayName: 'Timeout (Seconds)',
				name: 'timeout',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: timeoutSeconds,
				description:
					'How long to wait for each job. Running out of time is not a failure: the EHR may still finish the work.',
			},
			{
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
			},
		],
	};
}
