/** What the unit tests of a poll need: settings as a user enters them, and the part of n8n's context it reads. */
import type { IDataObject, INode, IPollFunctions } from 'n8n-workflow';

import { processStateOf, type ProcessState } from '../../../../nodes/CobaltTrigger/processState.js';
import { readSettings, type TriggerSettings } from '../../../../nodes/CobaltTrigger/settings.js';

const NODE: INode = {
	id: '1',
	name: 'Cobalt Trigger',
	type: 'n8n-nodes-cobalt.cobaltTrigger',
	typeVersion: 1.1,
	position: [0, 0],
	parameters: {},
};

export function settingsOf(parameters: IDataObject = {}): TriggerSettings {
	const entered: IDataObject = { events: ['all'], ...parameters };
	const parameter = (path: string): unknown =>
		path.split('.').reduce<unknown>((value, name) => (value as IDataObject)[name] ?? '', entered);
	return readSettings({ node: NODE, timezone: 'UTC', parameter });
}

let processes = 0;

/** What a process that has just started knows. */
export function newProcess(): ProcessState {
	processes += 1;
	return processStateOf('workflow', `node ${processes}`);
}

/** The part of n8n's context of a poll that reads the log. */
export function pollContext(data: IDataObject, accessToken = 'token'): IPollFunctions {
	const context: Partial<IPollFunctions> = {
		getActivationMode: () => 'activate',
		getCredentials: async <Credential extends object>() =>
			await Promise.resolve({
				baseUrl: 'https://api.usecobalt.com/v1',
				clientId: 'id',
				clientSecret: 'secret',
				accessToken,
			} as Credential),
		getNode: () => NODE,
		getWorkflowStaticData: () => data,
	};
	return context as IPollFunctions;
}
