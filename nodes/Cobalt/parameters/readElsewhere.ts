import type { CobaltEvent } from '../../shared/events/event';
import { firstText } from '../../shared/json';
import { isTimezone } from '../../shared/parsers/timezone';
import { fieldsOf, type Operation } from '../declarations/operation';
import type { ReadElsewhere } from '../run/result';
import { LocalTime } from '../slots/localTime';
import type { ItemInput } from './itemInput';

/**
 * Compares the timezone in which an item's times were read with that of its event, by what the clocks show at
 * those times, since timezones with different names may have the same clocks.
 *
 * @returns undefined if the clocks agree, or if that is unknown
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
