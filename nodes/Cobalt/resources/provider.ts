import { id } from '../../shared/parsers/id';
import { jsonText, required, boolean } from '../declarations/field';
import { GET_MANY, type Resource } from '../declarations/operation';
import { pick } from '../declarations/pick';
import { locatorSegments } from '../parsers/resourceLocator';
import { workingHours } from '../parsers/workingHours';
import { activity, updateFields } from './sharedFields';

/** A separate endpoint takes the EHR's id, which is the one that appointments and events have. */
const providerToUpdate = {
	...pick('providers', 'id', 'id', 'Provider', {
		name: 'providerId',
		placeholder: 'Select a provider…',
		idPlaceholder: 'e.g. 5e4d3c2b1a0f9e8d7c6b5a4f3e2d1c0b',
		description:
			'The provider to update. Expects the Cobalt ID (provider_id) or the EHR ID (ehr_id).',
		modes: [{ displayName: 'By EHR ID', name: 'ehrId', type: 'string', placeholder: 'e.g. 118' }],
	}),
	read: locatorSegments(id, { ehrId: 'ehr' }),
};

export const provider: Resource = {
	value: 'provider',
	name: 'Provider',
	defaultOperation: GET_MANY,
	operations: [
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many providers',
			description:
				'Retrieve a list of the providers of the clinic, with the IDs that other operations need',
			path: '/providers',
			key: 'providers',
			fields: [],
			simplified: [
				'name',
				'status',
				'npi',
				'timezone',
				'hide_in_availability',
				'ehr_id',
				['provider_id', 'id'],
			],
		},
		{
			kind: 'change',
			value: 'update',
			name: 'Update',
			action: 'Update provider',
			description: "Update a provider's status, visibility and working hours in Cobalt",
			method: 'PATCH',
			path: '/providers/{id}',
			recordKey: 'provider_id',
			fields: [required(providerToUpdate)],
			optional: updateFields([
				boolean('hide_in_availability', 'Hide in Availability', {
					description: "Whether to exclude the provider from the results of 'Availability'",
				}),
				jsonText('hours', 'Working Hours (JSON)', {
					read: workingHours,
					example:
						'[{ "day": "Monday", "shifts": [{ "start": "T08:00:00", "end": "T12:00:00" }] }]',
					description:
						'A list of days, each with its shifts. A shift has a start and an end, and may have facility_id (one of your locations), set_start_date, set_end_date and set_recur.',
				}),
				activity,
			]),
		},
	],
};
