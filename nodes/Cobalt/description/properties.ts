import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { authentication } from '../../shared/description/authentication';
import {
	type JobLookUp,
	type Operation,
	type OptionalFields,
	type Resource,
	type Submission,
} from '../declarations/operation';
import { resources } from '../resources';
import { clinicProperties } from './clinic';
import { optionsProperty, waitForResult } from './options';
import { outputProperties } from './output';
import { timezoneNotices } from './timezoneNotices';
import { toolDescription } from './toolDescription';
import { variantsOf } from './toolVariant';

const returnAll: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

const limit: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
};

const outputField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the output field to put the file in',
};

/** All properties of the action node, generated from the declarations. */
export function nodeProperties(): INodeProperties[] {
	return [
		authentication,
		resourceProperty(),
		...resources.map(operationProperty),
		...clinicProperties,
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
	const options = optionsProperty(operation);
	return [
		toolDescription(operation),
		...operation.fields.flatMap((field) => [
			...variantsOf(field),
			...(field.isDateTime ? timezoneNotices() : []),
		]),
		...(operation.kind === 'list' ? [returnAll, limit] : []),
		...(operation.kind === 'download' ? [outputField] : []),
		...(operation.optional ? optionalProperties(operation.optional) : []),
		...(isWaitedFor(operation) ? [waitForResult[operation.kind]] : []),
		...outputProperties(operation),
		...(options ? [options] : []),
	].map((property) => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { ...displayOptions.show, ...property.displayOptions?.show },
		},
	}));
}

/** Whether an operation has a job to wait for. */
function isWaitedFor(operation: Operation): operation is Submission | JobLookUp {
	return operation.kind === 'submission' || operation.kind === 'jobLookUp';
}

function optionalProperties({
	displayName,
	name,
	placeholder,
	fields,
}: OptionalFields): INodeProperties[] {
	const isAdded = (field: string) => ({
		[`${name}.${field}`]: [{ _cnd: { exists: true } as const }],
	});
	return [
		{
			displayName,
			name,
			type: 'collection',
			placeholder,
			default: {},
			options: fields.flatMap(variantsOf),
		},
		...fields
			.filter(({ isDateTime }) => isDateTime)
			.flatMap(({ property }) => timezoneNotices(isAdded(property.name))),
	];
}
