import { date } from '../../shared/parsers/dateTime';
import { InvalidValueError, type Parser } from '../../shared/parsers/parser';
import { systemClock } from '../../shared/retry/clock';
import { withinYears } from './yearRange';

const DAY_MS = 86_400_000;

/** No living person was born earlier. */
const dayOfALife = withinYears(date, {
	first: 1880,
	advice: 'Enter the year with four digits, such as 1980-05-17.',
});

/**
 * A date on which a patient may have been born.
 *
 * @param now epoch milliseconds
 */
export const birthDateAsOf =
	(now: () => number): Parser<string> =>
	(value, context) => {
		const day = dayOfALife(value, context);
		if (day === undefined) return undefined;
		// It may already be tomorrow where the patient was born.
		const tomorrow = new Date(now() + DAY_MS).toISOString().slice(0, day.length);
		if (day > tomorrow) {
			throw new InvalidValueError('is in the future', 'Check its year, month and day.');
		}
		return day;
	};

/** A date of birth that is possible today. */
export const birthDate = birthDateAsOf(() => systemClock.now());
