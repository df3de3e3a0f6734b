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
import { triggerProperties } from './description';
import { execute } from './execute';
import { tellWhole } from './poll/activation';
import { poll } from './poll/poll';
import { handleDelivery } from './webhook/handleDelivery';
import { isRegistered, register, unregister } from './webhook/registration';

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
		version: 1,
		subtitle: '={{ $parameter["mode"] === "webhook" ? "webhook" : "polling" }}',
		// n8n's node panel shows the action node and this one as one entry with this text.
		description:
			'React to what happens in electronic health records, book appointments, register patients and more',
		defaults: { name: 'Cobalt Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'cobaltApi', required: true, displayOptions: withOneClinic },
			{
				name: 'cobaltMultipleClinicsApi',
				required: true,
				// n8n's rules want it in each node; n8n takes the test from whichever comes first.
				testedBy: 'checkClinics',
				displayOptions: withMultipleClinics,
			},
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: '={{ $parameter["mode"] === "webhook" ? "POST" : "" }}',
				path: 'webhook',
				responseMode: 'onReceived',
				// Anything else would replace the response of `webhook()`.
				responseData: '',
				ndvHideUrl: '={{ $parameter["mode"] !== "webhook" }}',
			},
		],
		triggerPanel: {
			header: 'See what an event looks like',
			executionsHelp: {
				inactive:
					'<b>While you build the workflow</b>, execute this step: it gets the newest event of your account that is wanted here. <br /><br /><b>Once it is ready</b>, publish the workflow. From then on it runs by itself for every event, and its runs are in the <a data-key="executions">list of executions</a>.',
				active:
					'<b>While you build the workflow</b>, execute this step: it gets the newest event of your account that is wanted here. <br /><br /><b>The workflow is active</b>, so it runs by itself for every event. Its runs are in the <a data-key="executions">list of executions</a>.',
			},
			activationHint:
				'Once the workflow is ready, publish it: it then runs by itself for every event.',
		},
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
		return await tellWhole(this, async () => await poll.call(this));
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await handleDelivery.call(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await execute.call(this)];
	}
}
