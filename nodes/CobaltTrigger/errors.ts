import { ExecutionBaseError, NodeApiError, type INode } from 'n8n-workflow';

import { descriptionOf, messageOf } from '../shared/retry/errors';

export { isRefused } from '../shared/http/cobaltApiError';

/**
 * Converts any thrown value to a node error that is safe to show: a message of this node, with the cause if
 * it is known. Errors that already have such a message stay as they are, as do n8n's own, such as a failed
 * expression.
 */
export function triggerError(node: INode, error: unknown): ExecutionBaseError {
	if (error instanceof ExecutionBaseError) return error;
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

/** Adds the description to the message, for places where n8n only shows the message. */
export function withAdviceInMessage(error: ExecutionBaseError): ExecutionBaseError {
	const { message } = error;
	const advice = error.description ?? '';
	if (advice !== '' && !message.includes(advice)) {
		error.message = `${message}${/[.!?]$/.test(message) ? '' : '.'} ${advice}`;
	}
	return error;
}
