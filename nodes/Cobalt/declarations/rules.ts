import { InvalidValueError } from '../../shared/parsers/parser';

/** The values of an item, by Cobalt's names. */
export type Values = Readonly<Record<string, unknown>>;

/** A broken rule: the key of the field to name, and why. */
export interface RuleViolation {
	key: string;
	finding: InvalidValueError;
}

/**
 * A condition between the fields of an operation, by their keys. `labelOf` gives the label of a field, so
 * that messages name what the user sees.
 */
export type Rule = (values: Values, labelOf: (key: string) => string) => RuleViolation | undefined;

const DAY_MS = 86_400_000;

const violation = (key: string, message: string, advice: string): RuleViolation => ({
	key,
	finding: new InvalidValueError(message, advice),
});

/** At most one of two fields. */
export const mutuallyExclusive =
	(one: string, other: string): Rule =>
	(values, labelOf) => {
		if (values[one] !== undefined && values[other] !== undefined) {
			return violation(
				one,
				`cannot be combined with '${labelOf(other)}'`,
				'Fill in only one of the two.',
			);
		}
		return undefined;
	};

/** At least one of these fields. */
export const atLeastOneOf =
	(...keys: string[]): Rule =>
	(values, labelOf) => {
		if (keys.some((key) => values[key] !== undefined)) return undefined;
		const [first = '', ...others] = keys;
		const labels = others.map((key) => `or '${labelOf(key)}'`).join(' ');
		return violation(first, `${labels} is required`, 'Fill in at least one of them.');
	};

/** A field that only makes sense together with another. */
export const requires =
	(key: string, needed: string): Rule =>
	(values, labelOf) =>
		values[key] !== undefined && values[needed] === undefined
			? violation(key, `needs '${labelOf(needed)}'`, `Fill in '${labelOf(needed)}' too.`)
			: undefined;

/** A range of days whose end is not before its start. */
export const startBeforeEnd: Rule = (values, labelOf) =>
	daysOf(values) < 0
		? violation('end_date', `is before '${labelOf('start_date')}'`, 'Enter a later date.')
		: undefined;

/** A time of day that is after another one, by at least the minutes in a third field. */
export const hoursWithRoom =
	(from: string, to: string, minutes: string): Rule =>
	(values, labelOf) => {
		const { [from]: start = 0, [to]: end = 24 * 60, [minutes]: needed } = values;
		return Number(end) - Number(start) < Number(needed)
			? violation(
					values[to] === undefined ? from : to,
					`leaves no time for '${labelOf(minutes)}'`,
					'Enter hours of the same day, which ends at 24:00.',
				)
			: undefined;
	};

/** A rule that applies only while another field has a certain value. */
export const when =
	(key: string, value: string, rule: Rule): Rule =>
	(values, labelOf) =>
		values[key] === value ? rule(values, labelOf) : undefined;

/** A rule that applies only while another field has a value other than this one. */
export const unless =
	(key: string, value: string, rule: Rule): Rule =>
	(values, labelOf) =>
		values[key] === undefined || values[key] === value ? undefined : rule(values, labelOf);

/** A range of days whose end is at most `max` days after its start. */
export const withinDays =
	(max: number): Rule =>
	(values, labelOf) =>
		daysOf(values) > max
			? violation(
					'end_date',
					`is more than ${max} days after '${labelOf('start_date')}'`,
					`Choose a range of at most ${max} days. For a longer one, use an item for each part.`,
				)
			: undefined;

/** The range of a live fetch of schedules: five days for one provider, a single day for several. */
export const providerDateWindow: Rule = (values, labelOf) => {
	const { provider_ids: providers } = values;
	if (!Array.isArray(providers) || providers.length < 2) return withinDays(5)(values, labelOf);
	return daysOf(values) > 0
		? violation(
				'end_date',
				`must be the same day as '${labelOf('start_date')}' when there are several providers`,
				'Enter the same day in both, or only one provider per item.',
			)
		: undefined;
};

/** Days from the start of a range to its end; 0 if one of them is missing. */
function daysOf({ start_date: start, end_date: end }: Values): number {
	if (typeof start !== 'string' || typeof end !== 'string') return 0;
	const [from, to] = [start, end].map((date) => Date.parse(date.slice(0, 'YYYY-MM-DD'.length)));
	return ((to ?? 0) - (from ?? 0)) / DAY_MS;
}
