import { NO, SEE_BEGINNING, type MessageSection } from './entry.mts';

/** The way to Cobalt, and the credential. */
export const connection: MessageSection = {
	heading: 'Connection and credential',
	intro:
		'Most of these come from the network between n8n and Cobalt, or from a field of the credential.',
	entries: [
		{
			messages: ['Could not connect to Cobalt: …'],
			meaning:
				'No connection was made: the host name is unknown or cannot be looked up, the connection was refused, or it took too long.',
			written: NO,
		},
		{
			messages: ['Could not connect to Cobalt: its certificate is not trusted (…)'],
			meaning:
				'Often a proxy or firewall of the clinic that decrypts TLS with a certificate of its own.',
			written: NO,
		},
		{
			messages: ['Could not connect to Cobalt: a proxy refused the connection (HTTP …)'],
			meaning: 'The proxy that this n8n uses does not let it through.',
			written: NO,
		},
		{
			messages: [
				'Something in between responded instead of Cobalt (HTTP …)',
				'Something in between responded instead of Cobalt (HTTP …, a web page)',
				'Something in between responded instead of Cobalt (HTTP …): the file or a text is too large',
				'Something in between responded instead of Cobalt (HTTP …, a web page): the file or a text is too large',
				'Something in between seems to have responded instead of Cobalt (HTTP …)',
				'Something in between seems to have responded instead of Cobalt (HTTP …, a web page)',
				'Something in between seems to have responded instead of Cobalt (HTTP …): the file or a text is too large',
				'Something in between seems to have responded instead of Cobalt (HTTP …, a web page): the file or a text is too large',
			],
			heading: 'Something in between responded instead of Cobalt',
			meaning:
				'A firewall, a login page, a gateway or a proxy responded; Cobalt responds in another form.',
			written: SEE_BEGINNING,
			whatToDo:
				'Check _Base URL_ in the credential, and the network of this n8n: a proxy, a firewall or a login page may be in between. Redirects are not followed, to protect your keys.',
		},
		{
			messages: ['The Cobalt credential could not be loaded'],
			meaning: 'n8n cannot read the credential that the node uses.',
			written: NO,
			whatToDo:
				'Select the credential in the node again, or enter its keys again. If n8n’s encryption key has changed, do this for all credentials.',
		},
		{
			messages: ['An expression in the Cobalt credential cannot be resolved'],
			meaning: 'A field of the credential is an expression that fails for this item.',
			written: NO,
		},
		{
			messages: ["'…' in the Cobalt credential …"],
			meaning: 'A key of the credential is empty, or has a value that no key can have.',
			written: NO,
		},
		{
			messages: ['A key in the Cobalt credential contains characters that cannot be sent'],
			meaning: 'Often a line break that was copied with the key.',
			written: NO,
		},
		{
			messages: ["'Base URL' in the Cobalt credential is not a URL"],
			meaning: 'The base URL is incomplete or misspelled.',
			written: NO,
		},
		{
			messages: ["'Base URL' in the Cobalt credential must start with https://"],
			meaning: 'Keys and patient data would be sent unencrypted.',
			written: NO,
		},
		{
			messages: ["'Base URL' in the Cobalt credential may only contain a host and a path"],
			meaning: 'The base URL has a user name, query parameters or a fragment.',
			written: NO,
		},
		{
			messages: [
				"The server at 'Base URL' is not the Cobalt API",
				"The server at 'Base URL' is not the Cobalt API. Check 'Base URL'.",
			],
			meaning: 'The credential test reached a server that does not respond like Cobalt.',
			written: NO,
			whatToDo: 'Check _Base URL_, and whether a proxy is in between.',
		},
		{
			messages: ['Connection successful! Clinics: …'],
			meaning: 'The credential test tried the access tokens of all clinics.',
			written: NO,
			whatToDo: 'Nothing.',
		},
		{
			messages: ["'Clinics' in the Cobalt credential …"],
			meaning: 'The list of clinics in the credential cannot be read; the message names the line.',
			written: NO,
		},
		{
			messages: [
				"'Clinic' is empty",
				"'Clinic' is not one of the clinics in the Cobalt credential",
			],
			meaning: 'The credential has several clinics, and the item names none of them.',
			written: NO,
		},
		{
			messages: [
				'Cobalt knows the access token under another reference ID',
				'Cobalt knows this access token by another reference ID',
			],
			meaning: 'The credential has the token of one clinic under the name of another.',
			written: NO,
			whatToDo:
				'Correct the reference ID in _Clinics_ in the credential: _Account: Get Settings_ shows it as `access_token_reference_id`.',
		},
		{
			messages: ["'Read-Only' in the Cobalt credential is on"],
			meaning: 'The credential permits reads only.',
			written: NO,
		},
		{
			messages: ['This credential can only be used for requests to …'],
			meaning: 'An HTTP Request node tried to send the keys to another server.',
			written: NO,
		},
	],
};
