/** A submitted record: Cobalt has it at once, the EHR when the EHR worker is done. */
export interface Submitted {
	id: string;
	state: 'pending' | 'done' | 'failed';
}

interface Demographics {
	first_name?: string | undefined;
	last_name?: string | undefined;
	street_line_1?: string | undefined;
	city?: string | undefined;
	state?: string | undefined;
	zip?: string | undefined;
	sex?: string | undefined;
	dob?: string | undefined;
	phone?: string | undefined;
}

/** A patient's insurance. */
export interface Insurance extends Submitted {
	emr_insurance_id: string | null;
	patient_mrn: string;
	/** The id of the insurance provider, however the submission named it. */
	insurance_provider_id: string;
	member_id: string;
	group_id: string | null;
	/** Lower comes first. */
	priority: '1' | '2' | '3' | null;
	plan_begin_date: string | null;
	copayment: number | null;
	relationship_to_subscriber: string;
	subscriber_demographics: Demographics | null;
}

export interface InsuranceProvider {
	id: string;
	name: string;
	payer_id: string;
	active: boolean;
	created_at: string;
}

export interface Benefit {
	line_number: number;
	benefit_type: string;
	benefit_type_code: string;
	coverage_level: 'IND' | 'FAM';
	service_type_codes: string[];
	insurance_type: string | null;
	time_period: string | null;
	amount: number | null;
	percent: number | null;
	network_indicator: string | null;
	messages: string[];
	raw_segment: string;
}

export interface EligibilityCheck {
	id: string;
	emr_id: string;
	/** Not in responses: the filter of this name uses it. */
	patient_mrn: string;
	emr_patient_id: string;
	patient_name: string;
	patient_dob: string;
	emr_encounter_id: string | null;
	provider_name: string;
	payer_name: string;
	subscriber_name: string;
	subscriber_member_id: string;
	patient_relationship: 'self' | 'dependent';
	plan_name: string;
	coverage_status: 'active' | 'inactive' | 'error' | 'unknown';
	status_message: string | null;
	service_date: string;
	response_at: string;
	plan_begin_date: string | null;
	plan_end_date: string | null;
	benefits_summary: { deductible: object; out_of_pocket: object };
	synced_at: string;
	/** Not in responses: an endpoint of their own lists them. */
	benefits: Benefit[];
}

/** A clinical note on an appointment. */
export interface Note extends Submitted {
	/** The Cobalt id. */
	appointment_id: string;
	note: string | object;
	icd_10_codes: string[];
	cpt_codes: string[];
}

export interface PatientNote extends Submitted {
	patient_mrn: string;
	location_id: string;
	subject: string;
	note: string;
}

/** A patient's payment, posted to the ledger. */
export interface Payment extends Submitted {
	patient_mrn: string;
	payment_method: string;
	reference_number: string;
	location: string;
	amount: number;
	notes: string | null;
	deposit_date: string;
}

/** What Cobalt Link opens with. */
export interface LinkToken {
	id: string;
	token: string;
	user_id: string;
	org_id: string;
	/** Of the connection to renew (update mode). */
	access_token: string | null;
	emr_name: string | null;
	emr_instance_domain: string | null;
}

/** A document: uploaded, or attached to a referral. */
export interface Document extends Submitted {
	patient_mrn: string;
	folder_name: string;
	filename: string;
	mimetype: string;
	bytes: Uint8Array;
	emr_assigned_to_id: string | null;
	is_reviewed: boolean;
	is_high_priority: boolean;
	notes: string | null;
}

/** A task for the staff. */
export interface StaffTask extends Submitted {
	emr_task_id: string | null;
	patient_mrn: string;
	subject: string | null;
	description: string;
	assignee_user_id: string | null;
	phone_call_type_id: string | null;
	notify_list: string[];
}

export interface TaskNote extends Submitted {
	emr_task_id: string;
	note: string;
}

export interface Message extends Submitted {
	/** The EHR id. */
	provider: string;
	subject: string;
	message: string;
}

export interface ReferringProvider extends Submitted {
	ehr_id: string | null;
	first_name: string;
	last_name: string;
	middle_initial: string | null;
	speciality: string | null;
	npi: string;
	phone: string | null;
	fax: string | null;
	email: string | null;
	address_street: string | null;
	address_city: string | null;
	address_state: string | null;
	address_zip: string | null;
}

export interface Referral extends Submitted {
	ehr_id: string | null;
	patient_mrn: string;
	direction: 'incoming' | 'outgoing';
	from_provider_ehr_id: string;
	to_provider_ehr_id: string;
	priority: 'routine' | 'urgent' | 'stat';
	reason: string;
	diagnosis_codes: string[];
	document_ids: string[];
	/** The clinic's progress. */
	status: string;
	referral_date: string;
	created_at: string;
}

export interface TelephoneEncounter extends Submitted {
	/** To the EHR an encounter is a kind of appointment: actions name it by this id. */
	emr_appointment_id: string | null;
	patient_mrn: string;
	provider_id: string;
	location_id: string;
	assigned_to_id: string;
	reason: string | null;
	/** The medication in full: the submission may name a part. */
	refill_medication_name: string | null;
	pharmacy_ehr_id: string | null;
}

export interface EncounterAction extends Submitted {
	emr_appointment_id: string;
	text: string;
	is_high_priority: boolean;
}

export interface Claim extends Submitted {
	emr_claim_id: string | null;
	emr_appointment_id: string;
	patient_mrn: string;
	provider_ehr_id: string;
	service_date: string;
	claim_date: string;
	claim_status: string;
	/** In dollars. */
	total_charge: number;
	total_payment: number;
}

export interface Order {
	id: string;
	order_id: string;
	type: 'lab' | 'imaging' | 'medication' | 'procedure';
	status: 'pending' | 'completed' | 'cancelled';
	order_name: string;
	order_date: string;
	provider_id: string;
	patient_mrn: string;
	appointment_id: string | null;
	lab_results: object[];
}

export interface Pharmacy {
	id: string;
	ehr_id: string;
	name: string;
	address: { address1: string; city: string; state: string; zip: string };
	phone: string;
	email: string | null;
	status: 'active' | 'inactive';
}

/** A user of the EHR. No endpoint lists them: tasks and encounters name them. */
export interface StaffMember {
	ehr_id: string;
	name: string;
}

/** A registered address for events. */
export interface Webhook {
	id: string;
	url: string;
	secret: string;
	/** The secret before the last rotation, when that was, and how long the old one stays valid. */
	previous: { secret: string; since: string; until: string } | null;
}
