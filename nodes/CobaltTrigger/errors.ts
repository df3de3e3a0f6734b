import { ExecutionBaseError, NodeApiError, type INode } from 'n8n-workflow';

import { descriptionOf, messageOf } from '../shared/retry/errors';

export { isRefused } from '../shared/http/cobaltApiError';

/**
 * What n8n is to show of anything that was thrown: texts of ours, with the cause where it is known. What
 * has such a text already is left as it is, and so is what n8n says itself, such as of an expression.
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

/** For where n8n shows nothing but the message of an error: what to do is in it as well. */
export function withAdviceInMessage(error: ExecutionBaseError): ExecutionBaseError {
	const { message } = error;
	const advice = error.description ?? '';
	if (advice !== '' && !message.includes(advice)) {
		error.message = `${message}${/[.!?]$/.test(message) ? '' : '.'} ${advice}`;
	}
	return error;
}
