import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { withoutMarker } from './itemFailure';

/** n8n derives the tool for agents from this node, and gives it a type of its own. */
export const isTool = ({ type }: INode): boolean => type.endsWith('Tool');

/**
 * An error as an agent has to get it. Of what a tool throws, n8n passes on the message alone (n8n-core's
 * workflow-execute.js), so that the message has to say what to do as well. An agent calls a tool for one item.
 */
export function forAgent(error: unknown): unknown {
	if (!(error instanceof NodeApiError || error instanceof NodeOperationError)) return error;
	const { message, description } = error;
	if (!description) return error;
	const found = message.replace(/\.? \[item \d+\]$/, '');
	error.message = `${found}. ${withoutMarker(description)}`;
	return error;
}
