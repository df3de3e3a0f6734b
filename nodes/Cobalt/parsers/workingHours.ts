import { date } from '../../shared/parsers/dateTime';
import { id } from '../../shared/parsers/id';
import { wholeNumber } from '../../shared/parsers/number';
import { InvalidValueError, type Parser } from '../../shared/parsers/parser';
import { line, oneOf } from '../../shared/parsers/text';
import { arrayOf, json, optional, required, objectOf } from './json';

/**
 * A time of day, sent in the form that Cobalt uses for shifts, `THH:MM:SS`. Seconds and the T are optional in
 * input.
 */
const timeOfDay: Parser<string> = (value, context) => {
	const text = line(value, context);
	if (text === undefined) return undefined;
	const [, time, seconds = ':00'] = /^T?((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d)?$/.exec(text) ?? [];
	if (time === undefined) {
		throw new InvalidValueError('is not a time of day', 'Enter a time such as 08:00 or T08:00:00.');
	}
	return `T${time}${seconds}`;
};

const recurrence = objectOf({
	rec_start_date: optional(date),
	rec_end_date: optional(date),
	recur_interval_type: optional(oneOf('days')),
	recur_interval_amount: optional(wholeNumber(1, 366)),
	recur_interval_description: optional(line),
});

const shift = objectOf({
	start: required(timeOfDay),
	end: required(timeOfDay),
	facility_id: optional(id),
	set_start_date: optional(date),
	set_end_date: optional(date),
	set_recur: optional(recurrence),
});

const weekday = oneOf('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday');

/** A provider's week, in the form that Cobalt documents for updates. */
export const workingHours = json(
	arrayOf(objectOf({ day: required(weekday), shifts: required(arrayOf(shift)) }), 1),
);
