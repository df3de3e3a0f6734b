import type { INodeProperties } from 'n8n-workflow';

import { fieldsOf, isWrite, type Operation } from '../declarations/operation';
import { asTool } from './toolVariant';

/**
 * The description of an operation for an agent. n8n passes on this text if the node has a parameter of this
 * name, and otherwise only the operation's action; for fields, it passes on the labels.
 */
export const toolDescription = (operation: Operation): INodeProperties =>
	asTool({
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		default: textFor(operation),
		description: 'What the agent is told about this tool',
	});

function textFor(operation: Operation): string {
	const { description } = operation;
	const required = operation.fields
		.filter(({ isRequired, property }) => isRequired && !property.displayOptions)
		.map(({ property, asTool: variant }) => variant?.displayName ?? property.displayName);
	return [
		description.endsWith('.') ? description : `${description}.`,
		...(required.length > 0 ? [`Needs: ${required.join(', ')}.`] : []),
		...fieldsOf(operation).flatMap(({ toolNote }) => toolNote ?? []),
		...(operation.optional ? [OPTIONAL] : []),
		...(operation.kind === 'list' ? [NOTHING_FOUND] : []),
		...(isWrite(operation) ? [WRITES] : []),
		...(operation.kind === 'submission' && !operation.isRead ? [JOBS] : []),
	].join(' ');
}

const OPTIONAL = 'Pass an empty text for an optional value that you do not know.';

/** n8n gives an agent an empty text where a tool has no items. */
const NOTHING_FOUND = 'An empty result means that nothing was found.';

const WRITES =
	'Call it only once the user has confirmed these values. Never invent a value or an ID: get IDs from the other tools.';

const JOBS =
	"The result has job_status 'completed' when the EHR has done it. If it is 'pending' or 'submitted', or this tool says that the outcome is not known, do not call it again for the same: it may be done twice. Look up job_id later.";
