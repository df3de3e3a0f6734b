import { patientWith } from '../tasks/patients.mts';
import type { Ehr } from '../world/ehr.mts';
import type { Referral, ReferringProvider } from '../world/records.mts';
import { without } from './without.mts';

/** A referring provider in a list. */
export function listedReferringProvider(provider: ReferringProvider) {
	return {
		...without(provider, 'state'),
		name: `${provider.first_name} ${provider.last_name}`,
	};
}

function nameOf(ehr: Ehr, id: string): string | null {
	const other = ehr.referringProviders.find(({ ehr_id }) => ehr_id === id);
	const own = ehr.providers.find(({ ehr_id }) => ehr_id === id);
	return own?.name ?? (other ? `${other.first_name} ${other.last_name}` : null);
}

/** A referral in a list. */
export function listedReferral(ehr: Ehr, referral: Referral) {
	const patient = patientWith(ehr, referral.patient_mrn);
	const { from_provider_ehr_id, to_provider_ehr_id } = referral;
	return {
		id: referral.id,
		ehr_id: referral.ehr_id,
		patient_ehr_id: patient?.ehr_id ?? null,
		patient_mrn: referral.patient_mrn,
		patient_first_name: patient?.first_name ?? null,
		patient_last_name: patient?.last_name ?? null,
		patient_dob: patient?.dob ?? null,
		from_provider_ehr_id,
		from_provider_name: nameOf(ehr, from_provider_ehr_id),
		to_provider_ehr_id,
		to_provider_name: nameOf(ehr, to_provider_ehr_id),
		priority: referral.priority,
		urgency: null,
		reason: referral.reason,
		diagnosis_codes: referral.diagnosis_codes,
		document_ids: referral.document_ids,
		status: referral.status,
		referral_date: referral.referral_date,
		last_activity_at: referral.created_at,
		synced_at: referral.created_at,
	};
}
