import type { Context } from '../server/context.mts';
import { fullName } from '../tasks/appointments.mts';
import { patientWith } from '../tasks/patients.mts';
import type { Claim } from '../world/records.mts';

/** The codes are invented: the documents show none. */
const STATUSES: Record<string, string> = { PEN: 'Pending', SUB: 'Submitted', PAID: 'Paid' };

/** A claim in a list. */
export function listedClaim({ ehr, dialect }: Context, claim: Claim) {
	const patient = patientWith(ehr, claim.patient_mrn);
	const provider = ehr.providers.find(({ ehr_id }) => ehr_id === claim.provider_ehr_id);
	const balance = claim.total_charge - claim.total_payment;
	return {
		id: claim.id,
		emr_claim_id: claim.emr_claim_id,
		emr_appointment_id: claim.emr_appointment_id,
		service_date: claim.service_date,
		claim_date: claim.claim_date,
		claim_status: claim.claim_status,
		claim_status_description: STATUSES[claim.claim_status] ?? null,
		claim_type: 'professional',
		void_flag: false,
		emr_patient_id: patient?.ehr_id ?? null,
		patient_name: fullName(patient),
		emr_provider_id: claim.provider_ehr_id,
		provider_name: provider?.name ?? null,
		total_charge: dialect.money(claim.total_charge),
		total_payment: dialect.money(claim.total_payment),
		net_payment: dialect.money(claim.total_payment),
		balance: dialect.money(balance),
		net_adjustment: dialect.money(0),
		patient_responsibility: dialect.money(0),
		insurances: [],
		balances: { insurance: dialect.money(balance), patient: dialect.money(0) },
	};
}
