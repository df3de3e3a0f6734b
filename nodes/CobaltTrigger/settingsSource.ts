import type {
	IExecuteFunctions,
	IHookFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { workflowTimezone } from '../shared/parsers/timezone';
import type { SettingsSource } from './settings';

/** For the contexts in which n8n has no items yet. */
export function parametersOfTrigger(
	context: IPollFunctions | IHookFunctions | IWebhookFunctions,
): SettingsSource {
	return {
		node: context.getNode(),
		timezone: workflowTimezone(context),
		parameter: (name, asEntered = false) =>
			context.getNodeParameter(name, '', { rawExpressions: asEntered }),
	};
}

/** For a run, whose items all have the same settings. */
export function parametersOfRun(context: IExecuteFunctions): SettingsSource {
	return {
		node: context.getNode(),
		timezone: workflowTimezone(context),
		parameter: (name, asEntered = false) =>
			context.getNodeParameter(name, 0, '', { rawExpressions: asEntered }),
	};
}
