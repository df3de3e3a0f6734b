import type { IDataObject, IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

import { isObject } from '../../shared/json';
import type { WebhookTarget } from '../poll/undelivered';

const KEY = 'webhook';

/** A registration at Cobalt, as n8n's static data of the node keeps it. */
export interface RegistrationState {
	url: string;
	/** Cobalt's id of it; empty for a test that had no need of one. */
	id: string;
	/** The secret that signs its deliveries, sealed with the credential. */
	sealedSecret: string;
	/** Whether it is for a test in the editor: n8n hands that on to the end of the test, and saves nothing. */
	isTest: boolean;
}

type Context = IHookFunctions | IPollFunctions | IWebhookFunctions;

/** @returns undefined where there is none, or where n8n lost it */
export function readRegistration(context: Context): RegistrationState | undefined {
	const saved = context.getWorkflowStaticData('node')[KEY];
	if (!isObject(saved)) return undefined;
	const { url, id, sealedSecret, isTest } = saved;
	const isSound =
		typeof url === 'string' && typeof id === 'string' && typeof sealedSecret === 'string';
	return isSound ? { url, id, sealedSecret, isTest: isTest === true } : undefined;
}

/** @param registration undefined when there is none any more */
export function writeRegistration(context: Context, registration?: RegistrationState): void {
	const data: IDataObject = context.getWorkflowStaticData('node');
	if (registration) data[KEY] = { ...registration };
	else delete data[KEY];
}

/** Where Cobalt delivers to, as far as a poll can know. */
export function ourAddress(context: IPollFunctions): WebhookTarget {
	return { url: readRegistration(context)?.url, webhookId: context.getNode().webhookId };
}
