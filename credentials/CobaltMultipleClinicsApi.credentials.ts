import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

import { clientKeys, clientSettings, MAY_BE_UNRESOLVED } from './clientFields';

/**
 * The access tokens of several clinics of one client.
 *
 * They are ONE masked field. n8n 2.8 to 2.41 can mask the fields of a list, but restores them by position
 * when the credential is saved: removing the first clinic would give each clinic the token of the one before
 * it (n8n: credentials.service.js, unredactRestoreValues).
 *
 * There is no `authenticate`: only the Cobalt nodes know which clinic a request is for.
 */
export class CobaltMultipleClinicsApi implements ICredentialType {
	name = 'cobaltMultipleClinicsApi';

	displayName = 'Cobalt Multiple Clinics API';

	icon: Icon = { light: 'file:../icons/cobalt.svg', dark: 'file:../icons/cobalt.dark.svg' };

	documentationUrl = 'https://docs.usecobalt.com/docs/authentication';

	properties: INodeProperties[] = [
		...clientKeys,
		{
			displayName: 'Clinics',
			name: 'accessTokens',
			type: 'string',
			// A masked field has several lines in n8n 2.41, and a single one in 2.8.
			typeOptions: { password: true, rows: 8, ...MAY_BE_UNRESOLVED },
			default: '',
			required: true,
			placeholder: 'e.g. riverside: 493FAKE…',
			hint: 'To change it, enter the whole list again: n8n does not show what is saved.',
			description:
				'One line for each clinic: its reference ID (your own name for the access token: access_token_reference_id), a colon and its access token. In a field of a single line, enter JSON: {"riverside": "493FAKE…", "lakeside": "494FAKE…"}.',
		},
		...clientSettings,
	];
}
