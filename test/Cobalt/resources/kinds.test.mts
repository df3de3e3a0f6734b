import { expect, it } from 'vitest';

import type { Field } from '../../../nodes/Cobalt/declarations/field.js';
import { fieldsOf } from '../../../nodes/Cobalt/declarations/operation.js';
import { birthDate } from '../../../nodes/Cobalt/parsers/birthDate.js';
import { email, npi, phone, usState, zipCode } from '../../../nodes/Cobalt/parsers/contact.js';
import { timeOfDay } from '../../../nodes/Cobalt/parsers/timeOfDay.js';
import { anyDay, clinicDay } from '../../../nodes/Cobalt/parsers/yearRange.js';
import { resources } from '../../../nodes/Cobalt/resources/index.js';
import { dateTime } from '../../../nodes/shared/parsers/dateTime.js';
import { cobaltId, code, id } from '../../../nodes/shared/parsers/id.js';
import type { Parser } from '../../../nodes/shared/parsers/parser.js';
import { httpsUrl, line, lineOf, name, multiline } from '../../../nodes/shared/parsers/text.js';
import { timezoneName } from '../../../nodes/shared/parsers/timezone.js';

/** The one reader of each kind of value that is typed, pasted or given by an expression. */
const READERS = {
	id,
	'Cobalt ID': cobaltId,
	code,
	name,
	words: line,
	'words (1 to 50)': lineOf(1, 50),
	'words (2 to 50)': lineOf(2, 50),
	'long text': multiline,
	phone,
	email,
	state: usState,
	ZIP: zipCode,
	NPI: npi,
	URL: httpsUrl,
	'birth date': birthDate,
	day: anyDay,
	'clinic day': clinicDay,
	'date and time': dateTime,
	'time of day': timeOfDay,
	timezone: timezoneName,
} satisfies Record<string, Parser>;

type Kind = keyof typeof READERS;

/**
 * The kind of each of Cobalt's keys, in all operations that have it. What n8n shows as a choice, a switch, a
 * number, JSON or a file is not typed as text, and not in here.
 */
const KINDS: Record<string, Kind> = {
	appointment_id: 'id',
	assigned_to_id: 'id',
	assignee_user_id: 'id',
	ehr_id: 'id',
	emr_appointment_id: 'id',
	emr_assigned_to_id: 'id',
	emr_insurance_id: 'id',
	emr_task_id: 'id',
	group_id: 'id',
	id: 'id',
	insurance_payer_id: 'id',
	insurance_provider_id: 'id',
	insurance_subscriber_number: 'id',
	job_id: 'id',
	location: 'id',
	location_id: 'id',
	location_ids: 'id',
	member_id: 'id',
	mrn: 'id',
	notify_list: 'id',
	org_id: 'id',
	patient_mrn: 'id',
	pcp_id: 'id',
	pharmacy_ehr_id: 'id',
	pharmacy_id: 'id',
	phone_call_type_id: 'id',
	provider: 'id',
	provider_id: 'id',
	provider_ids: 'id',
	referred_to_provider_id: 'id',
	referring_from_provider_ehr_id: 'id',
	reference_number: 'id',
	referring_provider_id: 'id',
	referring_to_provider_ehr_id: 'id',
	secondary_insurance_subscriber_number: 'id',
	secondary_provider: 'id',
	user_id: 'id',
	benefit_type: 'code',
	cpt_codes: 'code',
	daily_limit_type: 'code',
	diagnosis_codes: 'code',
	icd_10_codes: 'code',
	status: 'code',
	type: 'code',
	visit_type: 'code',
	emergency_contact_first_name: 'name',
	emergency_contact_last_name: 'name',
	first_name: 'name',
	insurance_name: 'name',
	last_name: 'name',
	name: 'name',
	patient_name: 'name',
	pcp_first_name: 'name',
	pcp_last_name: 'name',
	referring_provider_first_name: 'name',
	responsible_party_first_name: 'name',
	responsible_party_last_name: 'name',
	referring_provider_last_name: 'name',
	secondary_insurance_name: 'name',
	'subscriber_demographics.first_name': 'name',
	'subscriber_demographics.last_name': 'name',
	address: 'words',
	address_city: 'words',
	address_line2: 'words',
	hours_from: 'time of day',
	hours_to: 'time of day',
	timezone: 'timezone',
	address_street: 'words',
	city: 'words',
	emergency_contact_relation: 'words',
	emr_instance_domain: 'words',
	emr_name: 'words',
	folder_name: 'words',
	no_email_reason: 'words',
	payment_method: 'words',
	reason: 'words',
	subject: 'words',
	'subscriber_demographics.city': 'words',
	'subscriber_demographics.street_line_1': 'words',
	refill_medication_name: 'words (2 to 50)',
	description: 'long text',
	message: 'long text',
	note: 'long text',
	'note.assessment': 'long text',
	'note.objective': 'long text',
	'note.plan': 'long text',
	'note.subjective': 'long text',
	notes: 'long text',
	text: 'long text',
	cell_phone: 'phone',
	emergency_contact_phone: 'phone',
	fax: 'phone',
	patient_phone: 'phone',
	phone: 'phone',
	'subscriber_demographics.phone': 'phone',
	email: 'email',
	address_state: 'state',
	state: 'state',
	'subscriber_demographics.state': 'state',
	address_zip: 'ZIP',
	'subscriber_demographics.zip': 'ZIP',
	zip_code: 'ZIP',
	npi: 'NPI',
	webhook_url: 'URL',
	dob: 'birth date',
	'subscriber_demographics.dob': 'birth date',
	deposit_date: 'clinic day',
	end_date: 'day',
	plan_begin_date: 'day',
	start_date: 'day',
	datetime: 'date and time',
};

/** Where a key is of another kind, by operation and key, and why. */
const EXCEPTIONS: Record<string, { kind: Kind; reason: string }> = {
	'Claim: Create: appointment_id': {
		kind: 'Cobalt ID',
		reason: 'Cobalt documents that it must be a UUID; elsewhere its examples are not',
	},
	'Referral: Create: reason': {
		kind: 'long text',
		reason: 'Why a patient is referred is a report',
	},
	'Telephone Encounter: Create: reason': {
		kind: 'words (1 to 50)',
		reason: 'Cobalt documents the limit for this one alone',
	},
};

/** Values on which no two readers agree. */
const PROBES: unknown[] = [
	'patient.created',
	...[
		'a\u200bb',
		'a\u0007b',
		'O\u2019Neil',
		'null',
		'A–B',
		'250.0',
		'x',
		'x'.repeat(51),
		'MA',
		'5551234567',
	],
	...[
		'1234567893',
		'02108',
		'a@b.example',
		'2025-03-15',
		'1950-03-15',
		'2999-03-15',
		'2025-03-15T10:00:00Z',
		401.9,
		7,
	],
	...['c5c0e613fc7d68a1c01ef4160483a0b6', 'https://example.com', '..'],
	...['17:30', 'America/New_York'],
];

const context = { timezone: 'UTC' };

/** What a reader makes of all probes. A list of one is what is in it. */
const fingerprint = (read: Parser): string =>
	JSON.stringify(
		PROBES.map((probe) => {
			try {
				const value = [read(probe, context)].flat();
				return value.length === 1 ? value[0] : value;
			} catch {
				return 'refused';
			}
		}),
	);

const kinds = new Map(Object.entries(READERS).map(([kind, read]) => [fingerprint(read), kind]));

const isTyped = ({ property, file, key }: Field): boolean =>
	file === undefined &&
	(['string', 'dateTime', 'resourceLocator'].includes(property.type) ||
		property.typeOptions?.loadOptionsMethod !== undefined) &&
	!['relationship_to_subscriber', 'mrn or ehr_id'].includes(key);

const typed = resources.flatMap((resource) =>
	resource.operations.flatMap((operation) =>
		fieldsOf(operation)
			.filter(isTyped)
			.map((field) => ({
				place: `${resource.name}: ${operation.name}: ${field.key}`,
				key: field.key,
				kind: kinds.get(fingerprint(field.read)) ?? 'none of them',
			})),
	),
);

it('distinguishes all parsers by their results', () => {
	expect(kinds.size).toBe(Object.keys(READERS).length);
});

it('reads a key in the same way in every operation', () => {
	const found = typed.map(({ place, kind }) => `${place}: ${kind}`);
	const expected = typed.map(
		({ place, key }) => `${place}: ${EXCEPTIONS[place]?.kind ?? KINDS[key]}`,
	);
	expect(found).toEqual(expected);
});

it('lists a kind only for keys that exist', () => {
	const used = new Set(typed.map(({ key }) => key));
	expect(Object.keys(KINDS).filter((key) => !used.has(key))).toEqual([]);
	const places = new Set(typed.map(({ place }) => place));
	expect(Object.keys(EXCEPTIONS).filter((place) => !places.has(place))).toEqual([]);
});
