import type { CobaltEvent } from '../../shared/events/event';
import { firstText } from '../../shared/json';
import { isTimezone } from '../../shared/parsers/timezone';
import { fieldsOf, type Operation } from '../declarations/operation';
import type { ReadElsewhere } from '../run/result';
import { LocalTime } from '../slots/localTime';
import type { ItemInput } from './itemInput';

/**
 * Compares the timezone that an item's times were read in with the one of its event, by what the clocks show
 * at those times: names differ for the same clocks.
 *
 * @returns undefined if the clocks agree, or if it is not known
 */
export function readElsewhere(
	operation: Operation,
	{ values, localTimezone }: ItemInput,
	event?: CobaltEvent,
): ReadElsewhere | undefined {
	const clinic = firstText(event?.data.timezone);
	if (localTimezone === undefined || clinic === undefined || !isTimezone(clinic)) return undefined;
	const [read, actual] = [new LocalTime(localTimezone), new LocalTime(clinic)];
	const differs = fieldsOf(operation)
		.filter(({ key, isDateTime }) => isDateTime && values[key] !== undefined)
		.map(({ key }) => Date.parse(String(values[key])))
		.some((ms) => read.offsetAt(ms) !== actual.offsetAt(ms));
	return differs ? { readIn: localTimezone, clinic } : undefined;
}
