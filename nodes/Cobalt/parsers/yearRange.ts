import { date } from '../../shared/parsers/dateTime';
import { InvalidValueError, type Parser } from '../../shared/parsers/parser';

interface YearRange {
	first: number;
	/** Default: no limit, since `9999-12-31` is how people write "open-ended". */
	last?: number;
	/** Default: where such a date usually comes from. */
	advice?: string;
}

const LOST_DATE =
	'Check its year. Spreadsheets take a time without a date for one of 1899, and seconds that are read as milliseconds give a date of 1970.';

/** Refuses dates, with or without a time, whose year cannot be meant. */
export const withinYears =
	(
		read: Parser<string>,
		{ first, last = Infinity, advice = LOST_DATE }: YearRange,
	): Parser<string> =>
	(value, context) => {
		const text = read(value, context);
		const year = Number(text?.slice(0, 'YYYY'.length) ?? first);
		if (year < first) throw new InvalidValueError(`is before ${first}`, advice);
		if (year > last) throw new InvalidValueError(`is after ${last}`, 'Check its year.');
		return text;
	};

/** The years in which something may happen at a clinic that uses Cobalt. */
export const CLINIC_YEARS: YearRange = { first: 2000, last: 2100 };

/** A day of a filter or of a coverage, which may have begun long ago. */
export const anyDay = withinYears(date, { first: 1900 });

/** A day on which something happens at a clinic. */
export const clinicDay = withinYears(date, CLINIC_YEARS);
