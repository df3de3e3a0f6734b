import type { Ehr, Patient } from '../world/ehr.mts';

/** What a live fetch may include. */
export type Extra = 'insurances' | 'tasks';

const text = (value: unknown) => value ?? null;

function insurancesOf(ehr: Ehr, patient: Patient) {
	const own = ehr.insurances.filter(
		({ state, patient_mrn }) => state === 'done' && patient_mrn === patient.mrn,
	);
	return own.map((insurance) => {
		const provider = ehr.insuranceProviders.find(
			({ id }) => id === insurance.insurance_provider_id,
		);
		const isSelf = ['01', 'self'].includes(insurance.relationship_to_subscriber);
		return {
			emr_insurance_id: insurance.emr_insurance_id,
			priority: insurance.priority === null ? null : Number(insurance.priority),
			insurance_ehr_id: text(provider?.payer_id),
			insurance_name: text(provider?.name),
			insurance_subscriber_number: insurance.member_id,
			group_id: insurance.group_id,
			plan_begin_date: insurance.plan_begin_date,
			copayment: insurance.copayment,
			relationship_to_subscriber: insurance.relationship_to_subscriber,
			guarantor_id: isSelf ? patient.ehr_id : null,
			is_guarantor_patient: isSelf,
		};
	});
}

function tasksOf(ehr: Ehr, patient: Patient) {
	return ehr.tasks
		.filter(({ state, patient_mrn }) => state === 'done' && patient_mrn === patient.mrn)
		.map(({ emr_task_id, subject, description }) => ({ emr_task_id, subject, description }));
}

/** A patient as a live fetch returns them. */
export function livePatient(ehr: Ehr, patient: Patient, extras: readonly Extra[]) {
	const names = ['address_street', 'address_city', 'address_state', 'address_zip', 'cell_phone'];
	const others = ['email', 'insurance_name', 'insurance_subscriber_number'];
	return {
		id: patient.id,
		mrn: patient.mrn,
		first_name: patient.first_name,
		last_name: patient.last_name,
		middle_name: null,
		date_of_birth: patient.dob,
		phone: patient.phone,
		sex: patient.sex,
		...Object.fromEntries([...names, ...others].map((name) => [name, text(patient[name])])),
		rendering_provider_id: null,
		medications: patient.medications.map((medication) => ({
			...medication,
			encounter_date: null,
			notes: null,
		})),
		pharmacies: [],
		...(extras.includes('insurances') ? { insurances: insurancesOf(ehr, patient) } : {}),
		...(extras.includes('tasks') ? { tasks: tasksOf(ehr, patient) } : {}),
	};
}
