import type { INodeProperties } from 'n8n-workflow';

import { withMultipleClinics } from '../../shared/description/authentication';

/** The clinic of an item. By default, that of the event that the item comes from. */
const clinic: INodeProperties = {
	displayName: 'Clinic',
	name: 'clinic',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'id', value: '={{ $json.access_token_reference_id }}' },
	description:
		'The clinic that the item is for, by its reference ID in the credential. Items of the Cobalt Trigger have it as access_token_reference_id.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a clinic…',
			typeOptions: { searchListMethod: 'clinics', searchable: true },
		},
		{
			displayName: 'By Reference ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. riverside',
		},
	],
};

/** A link for a new connection belongs to no clinic yet, so the field is shown only for a renewal. */
export const clinicProperties: INodeProperties[] = [
	{ ...clinic, displayOptions: { ...withMultipleClinics, hide: { resource: ['link'] } } },
	{
		...clinic,
		displayOptions: { show: { ...withMultipleClinics.show, resource: ['link'], mode: ['update'] } },
	},
];
