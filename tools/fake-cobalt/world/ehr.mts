import type { Random } from './random.mts';
import type {
	Claim,
	Document,
	EligibilityCheck,
	EncounterAction,
	Insurance,
	InsuranceProvider,
	Message,
	Note,
	Order,
	LinkToken,
	Payment,
	PatientNote,
	Pharmacy,
	Referral,
	ReferringProvider,
	StaffMember,
	StaffTask,
	TaskNote,
	TelephoneEncounter,
	Webhook,
} from './records.mts';
import {
	seedClaims,
	seedDocuments,
	seedEligibilityChecks,
	seedInsuranceProviders,
	seedInsurances,
	seedOrders,
	seedPharmacies,
	seedReferrals,
	seedReferringProviders,
	seedTasks,
	seedTelephoneEncounters,
} from './seeds.mts';

interface Code {
	code: string;
	description: string;
}

/** The account's documented settings, and switches for tests. */
export interface Settings {
	access_token_reference_id: string;
	visit_types: Code[];
	visit_statuses: Code[];
	required_patient_fields: string[];
	timezone: string;
	loginExpired: boolean;
	/** Whether webhooks can be registered. */
	mayUseWebhooks: boolean;
	/** The EHR: some operations exist in eClinicalWorks only. */
	emr: string;
	/** Whether the EHR refuses a patient who is there already: documented as one cause of a failure. */
	refusesDuplicates: boolean;
	/** How long after a patient was created or changed the list of patients shows it: not documented. */
	patientListDelaySeconds: number;
}

export interface Shift {
	start: string;
	end: string;
	/** The location's Cobalt id: the documents do not say which of the two ids it is. */
	facility_id: string | null;
	facility_name: string | null;
	set_start_date: string | null;
	set_end_date: string | null;
	set_description: string | null;
	recurrence: object | null;
	visit_type_rules: object[];
}

export interface Provider {
	id: string;
	ehr_id: string;
	name: string;
	npi: string;
	timezone: string;
	status: 'active' | 'inactive';
	hide_in_availability: boolean;
	hours: { day: string; shifts: Shift[] }[];
}

interface Location {
	id: string;
	ehr_id: string;
	name: string;
	status: 'active' | 'inactive';
	address: { address1: string; address2: string; city: string; state: string; zip: string };
	phone: string;
	fax: string;
}

interface Medication {
	name: string;
	strength: string;
	frequency: string;
	start_date: string;
	refills: number;
}

/** A patient: what was submitted, and what the EHR added. */
export interface Patient {
	id: string;
	/** None until the EHR worker has created the patient in the EHR. */
	mrn: string | null;
	ehr_id: string | null;
	status: 'pending' | 'active' | 'pending_update' | 'failed';
	first_name: string;
	last_name: string;
	dob: string;
	sex: 'male' | 'female' | 'unknown';
	phone: string | null;
	medications: Medication[];
	/** Since when the EHR has the patient, in epoch milliseconds. Absent: always. */
	inEhrSince?: number;
	/** The other fields of the submission. */
	[field: string]: unknown;
}

/** An appointment under the names that reading it documents. */
export interface Appointment {
	id: string;
	ehr_appointment_id: string | null;
	/** `pending`, `failed`, `scheduled`, or a visit status of the account. */
	status: string;
	datetime: string;
	duration: number;
	appointment_type: string;
	location: string;
	patient_mrn: string;
	provider_ehr_id: string;
	secondary_provider_ehr_id: string | null;
	reason: string | null;
	note: string | null;
	/** The clinical note, once one is uploaded. */
	progress_note: string | object | null;
	/** Null for appointments that the staff made in the EHR: not documented. */
	source: 'cobalt_operation' | null;
	created_at: string;
}

/** The kinds of records, by the names of their lists. */
export interface Kinds {
	providers: Provider;
	locations: Location;
	patients: Patient;
	appointments: Appointment;
	insurances: Insurance;
	insuranceProviders: InsuranceProvider;
	eligibilityChecks: EligibilityCheck;
	notes: Note;
	patientNotes: PatientNote;
	documents: Document;
	tasks: StaffTask;
	taskNotes: TaskNote;
	messages: Message;
	referringProviders: ReferringProvider;
	referrals: Referral;
	telephoneEncounters: TelephoneEncounter;
	encounterActions: EncounterAction;
	claims: Claim;
	payments: Payment;
	linkTokens: LinkToken;
	orders: Order;
	pharmacies: Pharmacy;
	staff: StaffMember;
	webhooks: Webhook;
}

export type Lists = { [Kind in keyof Kinds]: Kinds[Kind][] };

/** Everything that the account and its EHR hold. */
export interface Ehr extends Lists {
	settings: Settings;
}

const TIMEZONE = 'America/New_York';

function seedLocations(random: Random): Location[] {
	const seeds = [
		{ ehr_id: '123456789', name: 'Main Street Clinic', address1: '12 Main Street' },
		{ ehr_id: '2', name: 'Riverside Clinic', address1: '480 River Road' },
	];
	return seeds.map(({ ehr_id, name, address1 }) => ({
		id: random.id(),
		ehr_id,
		name,
		status: 'active',
		address: { address1, address2: '', city: 'Albany', state: 'NY', zip: '12207' },
		phone: '518-555-0100',
		fax: '518-555-0101',
	}));
}

function seedProviders(random: Random, [facility]: Location[]): Provider[] {
	const shift = (start: string, end: string): Shift => ({
		start,
		end,
		facility_id: facility?.id ?? '',
		facility_name: facility?.name ?? '',
		set_start_date: null,
		set_end_date: null,
		set_description: null,
		recurrence: null,
		visit_type_rules: [],
	});
	const seeds = [
		{ ehr_id: '123456789', name: 'Dr. Jose Gonzalez', npi: '1000000012', active: true },
		{ ehr_id: '118', name: 'Dr. Michael Denenberg', npi: '1000000020', active: true },
		{ ehr_id: '204', name: 'Dr. Amara Okafor', npi: '1000000038', active: false },
	];
	return seeds.map(({ ehr_id, name, npi, active }) => ({
		id: random.id(),
		ehr_id,
		name,
		npi,
		timezone: TIMEZONE,
		status: active ? 'active' : 'inactive',
		hide_in_availability: !active,
		hours: ['Monday', 'Wednesday', 'Friday'].map((day) => ({
			day,
			shifts: [shift('T08:00:00', 'T12:00:00'), shift('T13:00:00', 'T17:00:00')],
		})),
	}));
}

/** The first patient's medications: two share a name, so that a part of it is ambiguous. */
const MEDICATIONS: Medication[] = ['Lisinopril 10 MG', 'Metformin 500 MG', 'Metformin 850 MG'].map(
	(name) => ({
		name,
		strength: name.split(' ').slice(1).join(' '),
		frequency: 'daily',
		start_date: '2024-05-01',
		refills: 2,
	}),
);

function seedPatients(random: Random): Patient[] {
	const seeds = [
		{ mrn: '123456789', first_name: 'Sam', last_name: 'Taylor', dob: '2001-07-19', sex: 'unknown' },
		{ mrn: '44235', first_name: 'Maria', last_name: 'Alvarez', dob: '1984-03-12', sex: 'female' },
		{ mrn: '804', first_name: 'John', last_name: 'Doe', dob: '1970-01-31', sex: 'male' },
		{ mrn: 'MRN123456', first_name: 'Jane', last_name: 'Smith', dob: '1992-11-05', sex: 'female' },
	] as const;
	return seeds.map((seed, index) => ({
		id: random.id(),
		ehr_id: random.digits(9),
		status: 'active',
		phone: `518555020${index}`,
		medications: index === 0 ? MEDICATIONS : [],
		...seed,
	}));
}

/** The account before the first request. Its codes make the documented example requests work. */
export function createEhr(random: Random): Ehr {
	const locations = seedLocations(random);
	const providers = seedProviders(random, locations);
	const patients = seedPatients(random);
	const referringProviders = seedReferringProviders(random);
	const insuranceProviders = seedInsuranceProviders(random);
	const documents = seedDocuments(random, patients);
	return {
		settings: {
			access_token_reference_id: 'clinic_1',
			visit_types: [
				{ code: 'new_patient', description: 'New patient' },
				{ code: 'follow_up', description: 'Follow-up' },
				{ code: 'televisit1', description: 'Televisit' },
			],
			visit_statuses: [
				{ code: 'CANC', description: 'Cancelled in advance' },
				{ code: 'R/S', description: 'Rescheduled' },
				{ code: 'CHK', description: 'Checked in' },
			],
			required_patient_fields: ['first_name', 'last_name', 'dob', 'sex'],
			timezone: TIMEZONE,
			loginExpired: false,
			mayUseWebhooks: true,
			emr: 'eClinicalWorks',
			refusesDuplicates: true,
			patientListDelaySeconds: 0,
		},
		providers,
		locations,
		patients,
		appointments: [],
		insurances: seedInsurances(random, patients, insuranceProviders),
		insuranceProviders,
		eligibilityChecks: seedEligibilityChecks(random, patients, insuranceProviders),
		notes: [],
		patientNotes: [],
		documents,
		tasks: seedTasks(random, patients),
		taskNotes: [],
		messages: [],
		referringProviders,
		referrals: seedReferrals(random, patients, referringProviders, documents),
		telephoneEncounters: seedTelephoneEncounters(random, patients),
		encounterActions: [],
		claims: seedClaims(random, patients),
		payments: [],
		linkTokens: [],
		orders: seedOrders(random, patients),
		pharmacies: seedPharmacies(random),
		staff: [
			{ ehr_id: '501', name: 'Nina Frey' },
			{ ehr_id: '502', name: 'Omar Haddad' },
		],
		webhooks: [],
	};
}
