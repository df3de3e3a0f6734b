import { UserError, type IExecuteFunctions } from 'n8n-workflow';

import type { Operation } from '../declarations/operation';
import { resources } from '../resources';

/** The operation that a node performs. */
export interface ChosenOperation {
	operation: Operation;
	/** Its name in messages, for example "Appointment: Create". */
	title: string;
}

/**
 * The operation selected in the dropdowns. It is the same for all items.
 *
 * @throws UserError for a pair that the dropdowns do not offer
 */
export function chosenOperation(context: IExecuteFunctions): ChosenOperation {
	const resource = resources.find(({ value }) => value === context.getNodeParameter('resource', 0));
	const operation = resource?.operations.find(
		({ value }) => value === context.getNodeParameter('operation', 0),
	);
	if (resource === undefined || operation === undefined) {
		throw new UserError("Choose a 'Resource' and an 'Operation' from their lists", {
			description:
				"For other endpoints of the API, use n8n's 'HTTP Request' node with the credential type 'Cobalt API'.",
		});
	}
	return { operation, title: `${resource.name}: ${operation.name}` };
}
