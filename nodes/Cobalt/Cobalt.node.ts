import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { withMultipleClinics, withOneClinic } from '../shared/description/authentication';
import { sensitiveFields } from '../shared/description/sensitiveFields';
import { checkClinics } from '../shared/http/credential/checkClinics';
import { nodeProperties } from './description/properties';
import { runOperation } from './execution/runOperation';
import { listSearch, loadOptions } from './listSearch/listSearchMethods';

export class Cobalt implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cobalt',
		name: 'cobalt',
		icon: { light: 'file:../../icons/cobalt.svg', dark: 'file:../../icons/cobalt.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Read and update patients, appointments, notes and more in EHR systems through Cobalt',
		defaults: { name: 'Cobalt' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'cobaltApi',
				required: true,
				displayOptions: withOneClinic,
			},
			{
				name: 'cobaltMultipleClinicsApi',
				required: true,
				testedBy: 'checkClinics',
				displayOptions: withMultipleClinics,
			},
		],
		properties: nodeProperties(),
		sensitiveOutputFields: sensitiveFields,
	};

	methods = { listSearch, loadOptions, credentialTest: { checkClinics } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await runOperation.call(this)];
	}
}
