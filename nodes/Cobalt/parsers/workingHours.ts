import { date } from '../../shared/parsers/dateTime';
import { arrayOf, json, may, must, objectOf } from './json';
import { wholeNumber } from '../../shared/parsers/number';
import { InvalidValue, type Reader } from '../../shared/parsers/parser';
import { id } from '../../shared/parsers/id';
import { line, oneOf } from '../../shared/parsers/text';

/** A time of day as Cobalt writes it in shifts, `THH:MM:SS`; seconds and the T may be left out. */
const timeOfDay: Reader<string> = (value, context) => {
	const text = line(value, context);
	if (text === undefined) return undefined;
	const [, time, seconds = ':00'] = /^T?((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d)?$/.exec(text) ?? [];
	if (time === undefined) {
		throw new InvalidValue('is not a time of day', 'Enter a time such as 08:00 or T08:00:00.');
	}
	return `T${time}${seconds}`;
};

const recurrence = objectOf({
	rec_start_date: may(date),
	rec_end_date: may(date),
	recur_interval_type: may(oneOf('days')),
	recur_interval_amount: may(wholeNumber(1, 366)),
	recur_interval_description: may(line),
});

const shift = objectOf({
	start: must(timeOfDay),
	end: must(timeOfDay),
	facility_id: may(id),
	set_start_date: may(date),
	set_end_date: may(date),
	set_recur: may(recurrence),
});

const weekday = oneOf('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday');

/** A provider's week, in the form that Cobalt documents for updates. */
export const workingHours = json(
	arrayOf(objectOf({ day: must(weekday), shifts: must(arrayOf(shift)) }), 1),
);
