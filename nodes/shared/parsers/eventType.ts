import { eventTypeToAskFor, normalizeEventType } from '../events/eventTypes';
import { code } from './id';
import { InvalidValueError, type Parser } from './parser';

/** A resource and what happened to it, as in `patient.insurance.added`: the form of all documented types. */
const FORM = /^[a-z\d_-]+(\.[a-z\d_-]+)+$/;

/** The name of an event type, in any case. */
export const eventType: Parser<string> = (value, context) => {
	const entered = code(value, context);
	if (entered === undefined) return undefined;
	if (!FORM.test(normalizeEventType(entered))) {
		throw new InvalidValueError(
			'is not the name of an event type',
			"Enter a name such as claim.created. 'Webhook Event: Get Many' shows the types that your account receives.",
		);
	}
	return eventTypeToAskFor(entered);
};
