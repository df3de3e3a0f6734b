import { UserError } from 'n8n-workflow';

/** Also halves of characters (surrogates), which cannot be encoded. */
const CONTROL_CHARACTER = /[\p{Cc}\p{Cs}]/u;

/** Values for the placeholders of a path: one segment each, or several. */
export type PathValues = Readonly<Record<string, string | string[]>>;

/**
 * Fills the `{…}` placeholders of a path template with encoded segments, so that no value can lead to
 * another endpoint.
 *
 * @param template for example `/appointments/{id}`
 * @throws UserError for a value that is empty, is `.` or `..` (which URLs resolve away even when
 *   encoded), or holds control characters
 */
export function fillPath(template: string, values: PathValues): string {
	return template.replace(/\{(\w+)\}/g, (_, name: string) =>
		[values[name] ?? '']
			.flat()
			.map((segment) => encodeSegment(name, segment))
			.join('/'),
	);
}

function encodeSegment(name: string, segment: string): string {
	if (segment === '' || segment === '.' || segment === '..' || CONTROL_CHARACTER.test(segment)) {
		throw new UserError(`'${name}' cannot be used in a Cobalt address`, {
			description: 'Enter the ID exactly as Cobalt gave it.',
		});
	}
	return encodeURIComponent(segment);
}
