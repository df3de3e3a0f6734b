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
		[values[name] ?? ''].flat().map(encodeSegment).join('/'),
	);
}

function encodeSegment(segment: string): string {
	if (segment === '' || segment === '.' || segment === '..' || CONTROL_CHARACTER.test(segment)) {
		throw new UserError('An ID contains characters that no ID can have', {
			description: 'Enter the ID exactly as Cobalt returned it.',
		});
	}
	return encodeURIComponent(segment);
}
