import { isObject } from '../../shared/json';
import { RecordQuery } from '../../shared/pagination/findRecord';
import { InvalidValueError, type Parser } from '../../shared/parsers/parser';

/** The value of n8n's resource locator: the mode in which something was picked, and its id. */
interface Locator {
	mode?: unknown;
	value?: unknown;
}

/** The id that was picked or typed. Expressions may return a bare id. */
export const locatorValue =
	<Value>(id: Parser<Value>): Parser<Value> =>
	(value, context) =>
		id(isLocator(value) ? value.value : value, context);

/**
 * The id that was picked, as the last segments of a path that depends on the kind of id.
 *
 * @param prefixes the segments before the id, by the locator's mode
 */
export const locatorSegments =
	(id: Parser<string>, prefixes: Readonly<Record<string, string>>): Parser<string[]> =>
	(value, context) => {
		const segment = locatorValue(id)(value, context);
		if (segment === undefined) return undefined;
		const mode = isLocator(value) ? String(value.mode) : '';
		const prefix = Object.hasOwn(prefixes, mode) ? prefixes[mode] : undefined;
		return prefix === undefined ? [segment] : [prefix, segment];
	};

/**
 * A query for the chosen record if the locator's mode has one; the bare id in any other mode.
 *
 * @param queries the filter of the list, and the kind of id in messages, by mode
 * @param initial the mode of a value that has none, because an expression returned it
 */
export const locatorQuery =
	(
		id: Parser<string>,
		queries: Readonly<Record<string, { filter: string; label: string }>>,
		initial = '',
	): Parser<string | RecordQuery> =>
	(value, context) => {
		const text = locatorValue(id)(value, context);
		const mode = isLocator(value) ? String(value.mode) : initial;
		const query = Object.hasOwn(queries, mode) ? queries[mode] : undefined;
		return text === undefined || query === undefined
			? text
			: new RecordQuery(query.filter, text, query.label);
	};

function isLocator(value: unknown): value is Locator {
	if (!isObject(value)) return false;
	if (!('value' in value)) {
		throw new InvalidValueError('is not an ID', 'Select one from the list, or enter its ID.');
	}
	return true;
}
