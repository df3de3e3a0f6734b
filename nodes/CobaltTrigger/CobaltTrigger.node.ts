import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { withMultipleClinics, withOneClinic } from '../shared/description/authentication';
import { sensitiveFields } from '../shared/description/sensitiveFields';
import { checkClinics } from '../shared/http/credential/checkClinics';
import { eventNames, triggerProperties } from './description';
import { execute } from './execute';
import { withAdviceAtActivation } from './poll/activation';
import { poll } from './poll/poll';
import { handleDelivery } from './webhook/handleDelivery';
import { isRegistered, register, unregister } from './webhook/registration';
import { webhookDescription } from './webhookDescription';

/**
 * One node for polling and webhooks. n8n's engine polls every node that has a `poll()`, and registers a webhook
 * for every entry with an HTTP method. So `polling` is not set, the method is empty in one mode, and `pollTimes`
 * are empty in the other. `execute()` exists because the engine would otherwise call `poll()` for the event that
 * a webhook received in a manual run.
 */
export class CobaltTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cobalt Trigger',
		name: 'cobaltTrigger',
		icon: { light: 'file:../../icons/cobalt.svg', dark: 'file:../../icons/cobalt.dark.svg' },
		group: ['trigger'],
		// The same: but n8n evaluates an expression in each delivery to a node of version 1 (`parseRequestBody` of its
		// webhook-helpers), which takes longer than the delivery.
		version: [1, 1.1],
		defaultVersion: 1.1,
		subtitle: eventNames,
		// n8n's node panel merges the action node and this one into one entry with this text.
		description:
			'Starts the workflow when something changes in the EHR. The Cobalt node books appointments, registers patients and more.',
		defaults: { name: 'Cobalt Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'cobaltApi', required: true, displayOptions: withOneClinic },
			{
				name: 'cobaltMultipleClinicsApi',
				required: true,
				// n8n's lint rules require it in each node; n8n uses the test of whichever node comes first.
				testedBy: 'checkClinics',
				displayOptions: withMultipleClinics,
			},
		],
		webhooks: [webhookDescription],
		triggerPanel: {
			header: 'Fetch a test event',
			executionsHelp: {
				inactive:
					'<b>While you build the workflow</b>, execute this step to fetch the most recent event that matches. Nothing is changed in Cobalt. <br /><br /><b>Once you\'re happy with the workflow</b>, publish it. It then runs for every matching event, and each run shows up in the <a data-key="executions">executions list</a>.',
				active:
					'<b>While you build the workflow</b>, execute this step to fetch the most recent event that matches. Nothing is changed in Cobalt. <br /><br /><b>Your workflow is published</b>, so it also runs for every matching event. Those runs show up in the <a data-key="executions">executions list</a>, but not in the editor.',
			},
			activationHint:
				"Once you've finished building the workflow, publish it to run it for every matching event.",
		},
		hints: [
			{
				type: 'info',
				message:
					'A run may have several items: one for each event since the last check. Make sure that the workflow can handle several items.',
				whenToDisplay: 'beforeExecution',
				location: 'outputPane',
				displayCondition:
					'={{ $parameter["mode"] !== "webhook" || $parameter["recoverMissedEvents"] !== false }}',
			},
		],
		properties: triggerProperties(),
		sensitiveOutputFields: sensitiveFields,
	};

	methods = { credentialTest: { checkClinics } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await isRegistered.call(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await register.call(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await unregister.call(this);
			},
		},
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await withAdviceAtActivation(this, async () => await poll.call(this));
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await handleDelivery.call(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await execute.call(this)];
	}
}
