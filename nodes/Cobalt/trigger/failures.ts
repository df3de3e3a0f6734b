import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { descriptionOf, messageOf } from '../pacing/knownErrors';
import { CobaltApiError } from '../transport/request';

/** What n8n is to show of anything that was thrown: texts of ours, with the cause where it is known. */
export function triggerError(node: INode, error: unknown): NodeApiError | NodeOperationError {
	if (error instanceof CobaltApiError || error instanceof NodeOperationError) return error;
	const message = messageOf(error);
	return new NodeApiError(
		node,
		{},
		{
			message: message.charAt(0).toUpperCase() + message.slice(1),
			description: descriptionOf(error),
		},
	);
}

/** Whether Cobalt did not understand what it was asked. */
export function isRefused(error: unknown): boolean {
	return error instanceof CobaltApiError && ['400', '422'].includes(error.httpCode ?? '');
}
