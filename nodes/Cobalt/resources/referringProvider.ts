import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import { nameText, required, text } from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import { GET_MANY, type Resource } from '../declarations/operation';
import { email, npi as readNpi, phone, usState, zipCode } from '../parsers/contact';
import { PART_OF_NAME, additionalFields, filters } from './sharedFields';

const PHONE = { placeholder: 'e.g. 555-123-4567' };

const firstName = (placeholder: string, description?: string) =>
	nameText('first_name', 'First Name', { placeholder, description });

const lastName = (placeholder: string, description?: string) =>
	nameText('last_name', 'Last Name', { placeholder, description });

const npi = text('npi', 'NPI', {
	read: readNpi,
	placeholder: 'e.g. 1234567893',
	description: 'The National Provider Identifier',
});

export const referringProvider: Resource = {
	value: 'referringProvider',
	name: 'Referring Provider',
	defaultOperation: GET_MANY,
	operations: [
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create referring provider',
			description: "Add a referring provider to the EHR's directory. Creates a real record.",
			method: 'POST',
			path: '/referring-providers',
			fields: [firstName('e.g. Omar'), lastName('e.g. Haddad'), npi].map(required),
			optional: additionalFields([
				text('address', 'Address', { placeholder: 'e.g. 1 Main Street' }),
				text('city', 'City', { placeholder: 'e.g. Boston' }),
				text('email', 'Email', { placeholder: 'e.g. name@email.com', read: email }),
				text('fax', 'Fax', { ...PHONE, read: phone }),
				text('phone', 'Phone', { ...PHONE, read: phone }),
				text('state', 'State', { placeholder: 'e.g. MA', read: usState }),
				text('zip_code', 'ZIP Code', { placeholder: 'e.g. 02108', read: zipCode }),
			]),
			subject: ['first_name', 'last_name', 'npi'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'referring_provider_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many referring providers',
			description: 'Retrieve a list of referring providers, filtered by name, phone, fax or NPI',
			path: '/referring-providers',
			key: 'referring_providers',
			fields: [],
			optional: filters([
				text('fax', 'Fax', { ...PHONE, read: phone }),
				firstName('e.g. om', PART_OF_NAME),
				lastName('e.g. had', PART_OF_NAME),
				npi,
				text('phone', 'Phone', { ...PHONE, read: phone }),
			]),
			simplified: [
				'name',
				'first_name',
				'last_name',
				'speciality',
				'phone',
				'fax',
				'email',
				'npi',
				'ehr_id',
				['referring_provider_id', 'id'],
			],
		},
	],
};
