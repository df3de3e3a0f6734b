import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { nodeProperties } from './description/properties';
import { listSearch, loadOptions } from './methods/pickers';
import { runOperation } from './runner/runOperation';

export class Cobalt implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cobalt',
		name: 'cobalt',
		icon: { light: 'file:../../icons/cobalt.svg', dark: 'file:../../icons/cobalt.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Book appointments and create patients in electronic health records',
		defaults: { name: 'Cobalt' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'cobaltApi', required: true }],
		properties: nodeProperties(),
		// Patient data, in both shapes of an item. Hosts that do not know this leave it aside.
		sensitiveOutputFields: [
			'mrn',
			'patient_mrn',
			'patient_name',
			'event.data.mrn',
			'event.data.patient_mrn',
			'event.data.patient_name',
		],
	};

	methods = { listSearch, loadOptions };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await runOperation.call(this)];
	}
}
