import { formOnly, identifier, options, required, text } from '../declarations/field';
import type { Resource } from '../declarations/operation';
import { additionalFields } from './sharedFields';

export const link: Resource = {
	value: 'link',
	name: 'Link',
	defaultOperation: 'createToken',
	operations: [
		{
			kind: 'link',
			value: 'createToken',
			name: 'Create Token',
			action: 'Create link token',
			description:
				'Create a Cobalt Link for a person at the clinic, who signs in to the EHR with it: once, within 30 minutes. The link is a secret.',
			method: 'POST',
			path: '/link/token/create',
			linkUrl: 'https://link.usecobalt.com',
			validMinutes: 30,
			fields: [
				required(
					formOnly(
						options('mode', 'Purpose', [
							{
								name: 'Connect an EHR',
								value: 'connect',
								description: 'For a login that Cobalt does not have yet',
							},
							{
								name: 'Renew an Expired Login',
								value: 'update',
								description: 'For the login behind the access token of the credential',
							},
						]),
					),
				),
				required(
					identifier('user_id', 'User ID', {
						placeholder: 'e.g. user_7',
						description: 'Your own ID of the person who connects. No name, no email address.',
					}),
				),
				required(
					identifier('org_id', 'Organization ID', {
						placeholder: 'e.g. clinic_1',
						description: 'Your own ID of the clinic',
					}),
				),
			],
			optional: additionalFields([
				text('emr_instance_domain', 'EHR Instance Domain', {
					placeholder: 'e.g. clinic.example.com',
					description: 'For a clinic that Cobalt does not know yet: the address of its EHR',
				}),
				text('emr_name', 'EHR Name', {
					placeholder: 'e.g. eClinicalWorks',
					description: 'For a clinic that Cobalt does not know yet: the name of its EHR',
				}),
			]),
		},
	],
};
