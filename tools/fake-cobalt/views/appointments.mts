import { fullName, modeOf, patientOf, providerOf } from '../tasks/appointments.mts';
import type { Appointment, Ehr } from '../world/ehr.mts';

/** What lists and live fetches both show of an appointment. */
export function appointmentSummary(ehr: Ehr, appointment: Appointment) {
	const patient = patientOf(ehr, appointment);
	return {
		id: appointment.id,
		datetime: new Date(appointment.datetime).toISOString(),
		appointment_mode: modeOf(appointment),
		appointment_type: appointment.appointment_type,
		location: appointment.location,
		patient_name: fullName(patient),
		patient_mrn: appointment.patient_mrn,
		patient_dob: patient?.dob ?? null,
		insurance: patient?.insurance_name ?? null,
		insurance_number: patient?.insurance_subscriber_number ?? null,
		insurance_group_number: null,
		insurance_subscriber: null,
		provider_ehr_id: appointment.provider_ehr_id,
		provider_npi: providerOf(ehr, appointment)?.npi ?? null,
		status: appointment.status,
	};
}

/** An appointment in a list. */
export function listedAppointment(ehr: Ehr, appointment: Appointment, withNote: boolean) {
	const patient = patientOf(ehr, appointment);
	const { source, created_at } = appointment;
	return {
		...appointmentSummary(ehr, appointment),
		ehr_appointment_id: appointment.ehr_appointment_id,
		duration: appointment.duration,
		reason: appointment.reason,
		complaint_type: null,
		patient_first_name: patient?.first_name ?? null,
		patient_last_name: patient?.last_name ?? null,
		patient_ehr_id: patient?.ehr_id ?? null,
		patient_gender: patient?.sex ?? null,
		patient_phone: patient?.phone ?? null,
		provider_name: providerOf(ehr, appointment)?.name ?? null,
		secondary_provider_ehr_id: appointment.secondary_provider_ehr_id,
		secondary_insurance: patient?.secondary_insurance_name ?? null,
		secondary_insurance_number: patient?.secondary_insurance_subscriber_number ?? null,
		insurances: [],
		diagnoses: [],
		medications: [],
		...(withNote ? { note: appointment.note, progress_note: appointment.progress_note } : {}),
		created_at,
		object_metadata: source && { source, created_at },
	};
}
