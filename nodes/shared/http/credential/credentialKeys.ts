import { UserError, type ICredentialDataDecryptedObject } from 'n8n-workflow';

import { onlyVisible } from '../../visibleText';

/** The keys of the Cobalt credential, with the names of their fields. */
const LABELS = {
	clientId: 'Client ID',
	clientSecret: 'Client Secret',
	accessToken: 'Access Token',
	webhookSecret: 'Webhook Secret',
} as const;

/** What a missing value looks like once an expression has put it into a string. */
const NO_VALUE = /^(undefined|null|NaN|\[object \w+\])$/;

/** An expression that n8n did not evaluate. */
const UNRESOLVED = /^=|\{\{/;

/** Characters that Node refuses in a header value. */
const NOT_SENDABLE = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * A key of the Cobalt credential, without the invisible characters that copying may add. The webhook secret
 * is optional, and empty if there is none. Each of these fields may be an expression, and so may have any
 * value.
 *
 * @throws UserError that names the field, for a value that cannot be a key
 */
export function credentialKey(
	credential: ICredentialDataDecryptedObject,
	name: keyof typeof LABELS,
): string {
	const value: unknown = credential[name] ?? '';
	const key = typeof value === 'string' ? onlyVisible(value) : undefined;
	if (key === '' && name === 'webhookSecret') return key;
	const finding = findingOnKey(key);
	if (key !== undefined && finding === undefined) return key;
	throw new UserError(`'${LABELS[name]}' in the Cobalt credential ${finding}`, {
		description:
			'Enter it in the credential. If it is an expression, check its value for this item. Lists to pick from, triggers and the credential test have no item: there, an expression can use $vars and $secrets, but not $json or other nodes.',
	});
}

/** What is wrong with a key, as the end of a sentence about its field; undefined if nothing is. */
export function findingOnKey(key: string | undefined): string | undefined {
	if (key === undefined) return 'is not text';
	if (key === '') return 'is empty';
	if (UNRESOLVED.test(key)) return 'is an expression that n8n did not resolve';
	if (NO_VALUE.test(key)) return `is the text "${key}" instead of a value`;
	if (NOT_SENDABLE.test(key)) return 'has a character that no key can have';
	return undefined;
}
