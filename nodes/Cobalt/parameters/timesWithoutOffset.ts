import { isLocalTime } from '../../shared/parsers/dateTime';
import { InvalidValueError } from '../../shared/parsers/parser';
import { isTimezone, workflowTimezone } from '../../shared/parsers/timezone';
import { messageOf } from '../../shared/retry/errors';
import { collectionsOf, type Operation } from '../declarations/operation';
import type { Run } from '../run/run';
import type { AccountSettings } from './accountSettings';
import type { Parameters } from './nodeParameters';

/** Where the timezone of an item's times without an offset comes from. */
export type TimezoneSource = 'workflow' | 'clinic';

const OTHER_WAYS =
	"Add the offset, as in 2025-03-15T14:00:00-05:00, or choose the workflow's timezone in 'Read Times Without Offset In' under 'Options'.";

/** A field of an operation that is a date and time. */
interface DateTimeField {
	path: string;
	label: string;
}

/** Finds the timezones in which the items' times without an offset are read. */
export class TimesWithoutOffset {
	private readonly fields: DateTimeField[];

	constructor(
		private readonly run: Run,
		operation: Operation,
		private readonly settings: AccountSettings,
	) {
		this.fields = dateTimeFieldsOf(operation);
	}

	/**
	 * @returns IANA name; undefined for an item in which all times have an offset
	 * @throws NodeOperationError that names the field, if the clinic's timezone cannot be found
	 */
	async timezoneOf(
		item: { itemIndex: number; clinic?: string },
		parameters: Parameters,
		source: TimezoneSource,
	): Promise<string | undefined> {
		const field = this.fields.find(({ path, label }) => parameters.read(path, label, isLocalTime));
		if (field === undefined) return undefined;
		if (source === 'workflow') return workflowTimezone(this.run.context);
		const account = await this.run.accountOf({ ...item, request: {} });
		try {
			const { timezone = '' } = await this.settings.of(account);
			if (isTimezone(timezone)) return timezone;
		} catch (error) {
			const unread = `has no offset, and the clinic's timezone could not be read: ${messageOf(error)}`;
			throw parameters.invalid(field.label, new InvalidValueError(unread, OTHER_WAYS));
		}
		const unknown = "has no offset, and Cobalt did not say what the clinic's timezone is";
		throw parameters.invalid(field.label, new InvalidValueError(unknown, OTHER_WAYS));
	}
}

function dateTimeFieldsOf(operation: Operation): DateTimeField[] {
	const groups = [
		{ prefix: '', fields: operation.fields },
		...collectionsOf(operation).map(({ name, fields }) => ({ prefix: `${name}.`, fields })),
	];
	return groups.flatMap(({ prefix, fields }) =>
		fields
			.filter(({ isDateTime }) => isDateTime)
			.map(({ property: { name, displayName } }) => ({
				path: prefix + name,
				label: displayName,
			})),
	);
}
