import { appointment } from './appointment';
import { job } from './job';
import type { Operation, Resource } from './operation';
import { patient } from './patient';

/** Everything that the node can do, in the order of its dropdowns. */
export const resources: readonly Resource[] = [appointment, job, patient];

/** @throws Error for a pair that the dropdowns do not offer */
export function operationOf(resource: string, operation: string): Operation {
	const found = resources
		.find(({ value }) => value === resource)
		?.operations.find(({ value }) => value === operation);
	if (found === undefined) throw new Error(`There is no operation '${operation}' of '${resource}'`);
	return found;
}

/** How messages name an operation, for example "Appointment: Create". */
export function titleOf(resource: string, operation: Operation): string {
	const name = resources.find(({ value }) => value === resource)?.name ?? resource;
	return `${name}: ${operation.name}`;
}
