import type { Patient } from '../ehr.mts';
import { pageQuery, paginate } from '../paging.mts';
import { route } from '../route.mts';
import { createPatient } from '../tasks/patients.mts';
import { day, eachOptional, flag, oneOf, optional, requireFields, text } from '../validation.mts';
import { checkEhrIds, contains, isSamePhone } from './lookups.mts';

export const patientRoutes = [
	route({
		method: 'POST',
		path: '/patients',
		body: {
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
					'responsible_party',
					'emergency_contact_first_name',
					'emergency_contact_last_name',
					'emergency_contact_relation',
					'emergency_contact_phone',
					'pharmacy_id',
				],
				text,
			),
		},
		run(inside, { body }) {
			const { ehr, robot, dialect, ids } = inside;
			// Which fields are required is up to the account (2.6).
			requireFields(ehr.settings.required_patient_fields, body);
			checkEhrIds(ehr, { providers: [body.referred_to_provider_id] });
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
			};
			ehr.patients.push(patient);
			return dialect.created(
				{ patient_id: patient.id },
				'Patient processing. A webhook event will be sent upon completion.',
				robot.submit(createPatient(inside, patient, body)),
			);
		},
	}),
	route({
		method: 'GET',
		path: '/patients',
		query: {
			dob: optional(day),
			...eachOptional(['first_name', 'last_name', 'mrn', 'ehr_id', 'phone'], text),
			...pageQuery,
		},
		run({ ehr }, { query }) {
			// Reads a copy of the EHR (1): whoever is not in the EHR yet is not in the copy.
			const found = ehr.patients.filter(
				({ status, dob, mrn, ehr_id, first_name, last_name, phone }) =>
					status === 'active' &&
					dob === (query.dob ?? dob) &&
					mrn === (query.mrn ?? mrn) &&
					ehr_id === (query.ehr_id ?? ehr_id) &&
					contains(first_name, query.first_name) &&
					contains(last_name, query.last_name) &&
					isSamePhone(phone, query.phone),
			);
			const { items, pagination } = paginate(found, query);
			return {
				success: true,
				// Only the old page's fields are visible (2.6): no id among them.
				patients: items.map((patient) => ({
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
