import { dateTime } from '../../shared/parsers/dateTime';
import { InvalidValueError, type Parser } from '../../shared/parsers/parser';

/** An earlier year means that the date was lost: see the advice. */
const FIRST_YEAR = 2000;

/** A date and time at which an appointment may start. */
export const appointmentTime: Parser<string> = (value, context) => {
	const start = dateTime(value, context);
	if (start !== undefined && Number(start.slice(0, 4)) < FIRST_YEAR) {
		throw new InvalidValueError(
			`is before ${FIRST_YEAR}`,
			'Check its year. Spreadsheets take a time without a date for one of 1899, and seconds that are read as milliseconds give a date of 1970.',
		);
	}
	return start;
};
