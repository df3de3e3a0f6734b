import { id } from '../../shared/parsers/id';
import { commaList, listOf } from '../../shared/parsers/list';
import { options, day, identifier, type Field, type ShowWhen } from '../declarations/field';
import type { OptionalFields } from '../declarations/operation';
import { pick, pickSeveral } from '../declarations/pick';

/** Fields that several operations share, although Cobalt's keys for them differ. */

/** How a filter by name works. */
export const PART_OF_NAME = 'Full or partial name, not case-sensitive';

const MRN = {
	placeholder: 'e.g. 44235',
	description: "The patient's medical record number in the EHR",
};

export const patientMrn = (key: 'mrn' | 'patient_mrn' = 'patient_mrn', show?: ShowWhen): Field =>
	identifier(key, 'Patient MRN', { ...MRN, show });

/** For writes to the EHR, which identify a provider by the EHR's id. */
export const provider = (key: string, displayName: string, role: string): Field =>
	pick('providers', 'ehr_id', key, displayName, {
		placeholder: 'Select a provider…',
		idPlaceholder: 'e.g. 118',
		description: `${role}. Expects the EHR ID (ehr_id).`,
	});

/** For writes to the EHR, which identify a location by the EHR's id. */
export const location = (key: string, role: string): Field =>
	pick('locations', 'ehr_id', key, 'Location', {
		placeholder: 'Select a location…',
		idPlaceholder: 'e.g. 2',
		description: `${role}. Expects the EHR ID (ehr_id).`,
	});

export const visitStatus = (description: string): Field =>
	pick('visitStatuses', 'code', 'status', 'Status', {
		placeholder: 'Select a status…',
		idPlaceholder: 'e.g. CANC',
		description,
	});

/** Whether a provider or location is in use. */
export const activity = options('status', 'Status', [
	{ name: 'Active', value: 'active' },
	{ name: 'Inactive', value: 'inactive' },
]);

export const sexes = [
	{ name: 'Female', value: 'female' },
	{ name: 'Male', value: 'male' },
	{ name: 'Unknown', value: 'unknown' },
];

/** A list in a body; separated by commas in a query. */
type Form = 'list' | 'commas';

const reading = { list: listOf, commas: commaList } as const;

export const providers = (form: Form, most?: number, show?: ShowWhen): Field =>
	pickSeveral('providers', 'ehr_id', 'provider_ids', 'Provider Names or IDs', {
		read: reading[form](id, most),
		show,
	});

export const locations = (form: Form): Field =>
	pickSeveral('locations', 'ehr_id', 'location_ids', 'Location Names or IDs', {
		read: reading[form](id),
	});

/** The range of days of a list or a live fetch, both ends included. */
export const days = (what: string, show?: ShowWhen): [Field, Field] => [
	day('start_date', 'Start Date', {
		placeholder: 'e.g. 2025-03-15',
		description: `First day ${what}`,
		show,
	}),
	day('end_date', 'End Date', {
		placeholder: 'e.g. 2025-03-21',
		description: `Last day ${what}`,
		show,
	}),
];

export const additionalFields = (fields: Field[]): OptionalFields => ({
	name: 'additionalFields',
	displayName: 'Additional Fields',
	placeholder: 'Add Field',
	fields: alphabetical(fields),
});

export const updateFields = (fields: Field[]): OptionalFields => ({
	name: 'updateFields',
	displayName: 'Update Fields',
	placeholder: 'Add Field',
	atLeastOne: true,
	fields: alphabetical(fields),
});

export const filters = (fields: Field[]): OptionalFields => ({
	name: 'filters',
	displayName: 'Filters',
	placeholder: 'Add Filter',
	neverEmpty: true,
	fields: alphabetical(fields),
});

/** The order that n8n requires for optional fields. */
function alphabetical(fields: Field[]): Field[] {
	return [...fields].sort((one, other) =>
		one.property.displayName.localeCompare(other.property.displayName),
	);
}
