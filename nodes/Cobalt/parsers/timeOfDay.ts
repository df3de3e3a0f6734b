import { InvalidValueError, type Parser } from '../../shared/parsers/parser';
import { line } from '../../shared/parsers/text';

const TIME = /^(\d{1,2})(?::([0-5]\d))?(?::00)?(?:\s*([ap])\.?m\.?)?$/i;

const MINUTES_PER_DAY = 24 * 60;

/**
 * A time on the clock, in minutes since midnight. Accepts 24 hours, with 24:00 as the end of the day, and
 * am/pm.
 */
export const timeOfDay: Parser<number> = (value, context) => {
	const text = line(value, context);
	if (text === undefined) return undefined;
	const minute = minuteOf(text);
	if (minute !== undefined && minute <= MINUTES_PER_DAY) return minute;
	throw new InvalidValueError('is not a time of day', 'Enter a time such as 09:00 or 5:30 PM.');
};

function minuteOf(text: string): number | undefined {
	const [, hours = '', minutes, half] = TIME.exec(text) ?? [];
	const hour = Number(hours);
	if (half === undefined) return minutes === undefined ? undefined : hour * 60 + Number(minutes);
	if (hour < 1 || hour > 12) return undefined;
	const isAfternoon = half.toLowerCase() === 'p';
	return ((hour % 12) + (isAfternoon ? 12 : 0)) * 60 + Number(minutes ?? 0);
}
