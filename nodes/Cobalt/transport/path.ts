import { UserError } from 'n8n-workflow';

/** Also halves of characters (surrogates), which cannot be encoded. */
const CONTROL_CHARACTER = /[\p{Cc}\p{Cs}]/u;

/**
 * Fills the `{…}` places of a path template, each with one encoded segment, so that no value can
 * reach another endpoint.
 *
 * @param template for example `/appointments/{id}`
 * @throws UserError for a value that is empty, is `.` or `..` (which URLs resolve away even when
 *   encoded), or holds control characters
 */
export function fillPath(template: string, values: Readonly<Record<string, string>>): string {
	return template.replace(/\{(\w+)\}/g, (_, name: string) => {
		const value = values[name] ?? '';
		if (value === '' || value === '.' || value === '..' || CONTROL_CHARACTER.test(value)) {
			throw new UserError(`'${name}' cannot be used in a Cobalt address`, {
				description: 'Enter the ID exactly as Cobalt gave it.',
			});
		}
		return encodeURIComponent(value);
	});
}
