import { createHash } from 'node:crypto';

/** 96 bits: enough to distinguish the items of an execution, and short, because n8n saves them all. */
const LENGTH = 24;

/** Deeper levels, and further values, are ignored. */
const MAX_DEPTH = 100;
const MAX_VALUES = 1_000_000;

/** A date and time as ISO 8601 with an offset: the form of Cobalt, JSON and Luxon. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * A hash that stays the same when n8n saves a value with the execution and reads it back. It ignores what
 * JSON does not keep, the order of keys, and the offset of a time (an agent may ask for 2 PM in New York, and
 * then for 18:00 UTC). It holds no patient data.
 *
 * Never throws, whatever an item holds: circular references, BigInts, getters that throw. All unreadable values
 * have the same fingerprint.
 *
 * @returns hexadecimal digits
 */
export function fingerprint(value: unknown): string {
	const writer = new CanonicalWriter();
	let text: string;
	try {
		text = writer.write(value);
	} catch {
		text = 'unreadable';
	}
	return createHash('sha256').update(text).digest('hex').slice(0, LENGTH);
}

/** Writes a value as JSON with sorted keys; a circular reference is written as its distance. */
class CanonicalWriter {
	private readonly around: object[] = [];

	private values = 0;

	write(given: unknown): string {
		const value = plain(given);
		this.values += 1;
		if (typeof value === 'string') return JSON.stringify(inUtc(value));
		if (typeof value !== 'object' || value === null) {
			return typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? 'null');
		}
		const distance = this.around.length - this.around.lastIndexOf(value);
		if (distance <= this.around.length) return `^${distance}`;
		if (this.around.length === MAX_DEPTH || this.values > MAX_VALUES) return '…';
		this.around.push(value);
		const text = Array.isArray(value) ? this.list(value) : this.object(value);
		this.around.pop();
		return text;
	}

	private list(values: unknown[]): string {
		// Array.from includes holes.
		return `[${Array.from(values, (value) => this.write(value)).join()}]`;
	}

	private object(value: object): string {
		const fields = Object.entries(value)
			.filter(([, field]) => isKept(field))
			.sort(([one], [other]) => (one < other ? -1 : 1))
			.map(([key, field]) => `${JSON.stringify(key)}:${this.write(field)}`);
		return `{${fields.join()}}`;
	}
}

/** Whether JSON keeps a value in an object. */
const isKept = (value: unknown) => !['undefined', 'function', 'symbol'].includes(typeof value);

const BOXED = ['[object String]', '[object Number]', '[object Boolean]'];

/** A value as JSON writes it: dates become text, and boxed values become primitives. */
function plain(given: unknown): unknown {
	const convertible = given as { toJSON?: unknown } | null | undefined;
	const value = typeof convertible?.toJSON === 'function' ? convertible.toJSON('') : given;
	const kind = Object.prototype.toString.call(value);
	return BOXED.includes(kind) ? (value as object).valueOf() : value;
}

function inUtc(text: string): string {
	const ms = DATE_TIME.test(text) ? Date.parse(text) : NaN;
	return Number.isNaN(ms) ? text : new Date(ms).toISOString();
}
