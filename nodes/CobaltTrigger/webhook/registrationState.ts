import type { IDataObject, IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

import { isObject } from '../../shared/json';
import type { WebhookTarget } from '../poll/undelivered';

const KEY = 'webhook';

/** A registration at Cobalt, as n8n's static data of the node keeps it. */
export interface RegistrationState {
	url: string;
	/** Cobalt's id; '' for a test that needed no registration. */
	id: string;
	/** The secret that signs its deliveries, encrypted. */
	sealedSecret: string;
	/** Whether it is for a test in the editor: n8n passes that on to the end of the test, and saves nothing. */
	isTest: boolean;
}

type Context = IHookFunctions | IPollFunctions | IWebhookFunctions;

/** @returns undefined if there is none, or n8n has lost it */
export function readRegistration(context: Context): RegistrationState | undefined {
	const saved = context.getWorkflowStaticData('node')[KEY];
	if (!isObject(saved)) return undefined;
	const { url, id, sealedSecret, isTest } = saved;
	const isSound =
		typeof url === 'string' && typeof id === 'string' && typeof sealedSecret === 'string';
	return isSound ? { url, id, sealedSecret, isTest: isTest === true } : undefined;
}

/** @param registration undefined to delete it */
export function writeRegistration(context: Context, registration?: RegistrationState): void {
	const data: IDataObject = context.getWorkflowStaticData('node');
	if (registration) data[KEY] = { ...registration };
	else delete data[KEY];
}

/** Where Cobalt delivers to, as far as a poll can know. */
export function ourAddress(context: IPollFunctions): WebhookTarget {
	return { url: readRegistration(context)?.url, webhookId: context.getNode().webhookId };
}
