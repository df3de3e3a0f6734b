import { pagesOf } from '../server/paging.mts';
import { route } from '../server/route.mts';
import { submission } from '../server/submission.mts';
import {
	bool,
	day,
	eachOptional,
	flag,
	oneOf,
	optional,
	phoneNumber,
	refuseFields,
	requireAny,
	requireFields,
	state,
	text,
	zip,
} from '../server/validation.mts';
import { createPatient, isInEhr, updatePatient } from '../tasks/patients.mts';
import { without } from '../views/without.mts';
import type { Ehr, Patient } from '../world/ehr.mts';
import { checkCobaltId, checkEhrIds, contains, found, isSamePhone } from './lookups.mts';

/** Who may pay for a patient. */
const PAYERS = [
	'self',
	'spouse',
	'child',
	'adopted_child',
	'step_child',
	'foster_child',
	'ward_of_court',
	'employee',
	'unknown',
	'handicapped_dependent',
	'organ_donor',
	'cadaver_donor',
	'grandchild',
	'niece_nephew',
	'injured_plaintiff',
	'sponsored_dependent',
	'minor_dependent',
	'parent',
	'grandparent',
	'life_partner',
	'other',
] as const;

/** The page size is not documented: the event log's. */
const pages = pagesOf({ style: 'current', size: 50, max: 100 });

/** The fields of a new patient. */
const patientFields = {
	dob: optional(day),
	sex: optional(oneOf('male', 'female', 'unknown')),
	insurance_sequence: optional(oneOf('primary', 'secondary', 'tertiary')),
	check_eligibility: optional(flag),
	...eachOptional(
		[
			'first_name',
			'last_name',
			'phone',
			'cell_phone',
			'email',
			'no_email_reason',
			'address_street',
			'address_city',
			'address_state',
			'address_zip',
			'insurance_name',
			'insurance_provider_id',
			'insurance_subscriber_number',
			'secondary_insurance_name',
			'secondary_insurance_subscriber_number',
			'pcp_first_name',
			'pcp_last_name',
			'pcp_id',
			'referring_provider_first_name',
			'referring_provider_last_name',
			'referring_provider_id',
			'referred_to_provider_id',
			'responsible_party_first_name',
			'responsible_party_last_name',
			'emergency_contact_first_name',
			'emergency_contact_last_name',
			'emergency_contact_relation',
			'emergency_contact_phone',
			'pharmacy_id',
		],
		text,
	),
	responsible_party: optional(oneOf(...PAYERS)),
};

/** Only updates accept these, and only there do phone numbers, states and ZIP codes have a format. */
const updateFields = {
	...patientFields,
	...eachOptional(['phone', 'cell_phone'], phoneNumber),
	address_line2: optional(text),
	address_state: optional(state),
	address_zip: optional(zip),
	save_previous_address: optional(bool),
};

/** What may change once the patient is in the EHR. The documents do not show which fields the provider
 * assignments are: those of a new patient. */
const CHANGEABLE = new Set([
	'phone',
	'cell_phone',
	'email',
	'address_street',
	'address_line2',
	'address_city',
	'address_state',
	'address_zip',
	'save_previous_address',
	'pcp_first_name',
	'pcp_last_name',
	'pcp_id',
	'referring_provider_first_name',
	'referring_provider_last_name',
	'referring_provider_id',
	'referred_to_provider_id',
]);

/** Two kinds of ids in one body: the EHR's for the provider, Cobalt's for the others. */
function checkAssignments(ehr: Ehr, body: Partial<Record<string, unknown>>): void {
	const { referred_to_provider_id, referring_provider_id, pcp_id } = body as Partial<
		Record<string, string>
	>;
	checkEhrIds(ehr, { providers: [referred_to_provider_id] });
	checkCobaltId(ehr.referringProviders, referring_provider_id, 'Referring provider');
	checkCobaltId([...ehr.referringProviders, ...ehr.providers], pcp_id, 'Primary care provider');
}

const UPDATED = 'Patient updated successfully';

export const patientRoutes = [
	submission({
		method: 'POST',
		path: '/patients',
		response: 'created',
		message: 'Patient processing. A webhook event will be sent upon completion.',
		body: patientFields,
		accept(context, { body }) {
			const { ehr, ids } = context;
			// The account decides which fields are required.
			requireFields(ehr.settings.required_patient_fields, body);
			if (ehr.settings.emr === 'eClinicalWorks' && (body.responsible_party ?? 'self') !== 'self') {
				requireFields(['responsible_party_first_name', 'responsible_party_last_name'], body);
			}
			checkAssignments(ehr, body);
			const { first_name = '', last_name = '', dob = '', sex = 'unknown', phone = null } = body;
			const patient: Patient = {
				...body,
				id: ids.id(),
				mrn: null,
				ehr_id: null,
				status: 'pending',
				first_name,
				last_name,
				dob,
				sex,
				phone,
				medications: [],
			};
			ehr.patients.push(patient);
			return { ids: { patient_id: patient.id }, task: createPatient(context, patient, body) };
		},
	}),
	route({
		method: 'PATCH',
		path: '/patients/:id',
		body: updateFields,
		run(context, { params, body }) {
			const { ehr, ehrWorker, dialect } = context;
			const patient = found(
				ehr.patients.find(({ id }) => id === params.id),
				'Patient',
			);
			// Only an instruction for the EHR worker: it changes nothing by itself.
			const changes = without(body, 'save_previous_address');
			requireAny(changes);
			checkAssignments(ehr, body);
			// Before that, the change is to Cobalt's own record, from which the EHR worker will create the patient: there is
			// no job.
			if (!isInEhr(patient)) {
				Object.assign(patient, changes);
				return { success: true, message: UPDATED };
			}
			refuseFields(
				Object.keys(body).filter((name) => !CHANGEABLE.has(name)),
				'. An active patient takes only contact data, the address and provider assignments.',
			);
			const task = updatePatient(context, patient, changes, body);
			return dialect.changed({}, UPDATED, ehrWorker.submit(task));
		},
	}),
	route({
		method: 'GET',
		path: '/patients',
		query: {
			dob: optional(day),
			...eachOptional(['first_name', 'last_name', 'mrn', 'ehr_id', 'phone'], text),
			...pages.query,
		},
		run({ dialect, ehr }, { query }) {
			const { patientListDelaySeconds } = ehr.settings;
			const copiedUntil = Date.now() - patientListDelaySeconds * 1000;
			// Lists Cobalt's copy of the EHR, which lacks patients who are not in the EHR yet.
			const matching = ehr.patients.filter(
				(patient) =>
					isInEhr(patient) &&
					(patient.inEhrSince ?? 0) <= copiedUntil &&
					patient.dob === (query.dob ?? patient.dob) &&
					patient.mrn === (query.mrn ?? patient.mrn) &&
					patient.ehr_id === (query.ehr_id ?? patient.ehr_id) &&
					contains(patient.first_name, query.first_name) &&
					contains(patient.last_name, query.last_name) &&
					isSamePhone(patient.phone, query.phone),
			);
			const { items, pagination } = pages.cut(matching, query);
			return {
				success: true,
				// Only the older page shows the fields; there is no id among them, unless the dialect says so.
				patients: items.map((patient) => ({
					...(dialect.listsPatientIds && { id: patient.id }),
					first_name: patient.first_name,
					last_name: patient.last_name,
					dob: patient.dob,
					sex: patient.sex,
					phone: patient.phone,
					mrn: patient.mrn,
				})),
				pagination,
			};
		},
	}),
];
