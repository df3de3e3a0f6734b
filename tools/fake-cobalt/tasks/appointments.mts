import { DateTime } from 'luxon';

import type { Context } from '../server/context.mts';
import type { Appointment, Ehr, Patient, Provider } from '../world/ehr.mts';
import { failureOf, type Failure, type EhrTask } from '../world/ehrWorker.mts';
import { unknownPatient } from './patients.mts';

/** Visit statuses that free the time. */
const FREED = new Set(['CANC', 'R/S']);

/** The default duration: not documented. */
const DEFAULT_MINUTES = 30;

type Needed = 'datetime' | 'appointment_type' | 'location' | 'patient_mrn' | 'provider_ehr_id';

/** The required and the optional fields of an appointment. */
export type NewAppointment = Pick<Appointment, Needed> & Partial<Omit<Appointment, Needed>>;

/** A new appointment, by default in the state of a submission. */
export function newAppointment({ ids, clock }: Context, given: NewAppointment): Appointment {
	return {
		id: ids.id(),
		ehr_appointment_id: null,
		status: 'pending',
		duration: DEFAULT_MINUTES,
		secondary_provider_ehr_id: null,
		reason: null,
		note: null,
		progress_note: null,
		source: 'cobalt_operation',
		created_at: clock.now(),
		...given,
	};
}

/** Whether an appointment is in the EHR: before that, and after a failure, only Cobalt has it. */
export function isInEhr({ status }: Appointment): boolean {
	return status !== 'pending' && status !== 'failed';
}

/** The patient that an appointment is for, if the EHR knows the MRN. */
export function patientOf(ehr: Ehr, appointment: Appointment): Patient | undefined {
	return ehr.patients.find(({ mrn }) => mrn === appointment.patient_mrn);
}

/** The provider of an appointment. */
export function providerOf(ehr: Ehr, appointment: Appointment): Provider | undefined {
	return ehr.providers.find(({ ehr_id }) => ehr_id === appointment.provider_ehr_id);
}

/** First and last name in one. */
export function fullName(patient: Patient | undefined): string | null {
	return patient ? `${patient.first_name} ${patient.last_name}` : null;
}

/** The mode follows from the visit type here; the documents do not say what decides it. */
export function modeOf({ appointment_type }: Appointment): 'office' | 'telemedicine' {
	return appointment_type.startsWith('tele') ? 'telemedicine' : 'office';
}

/** The day of a visit in the clinic's timezone. */
export function localDayOf({ settings }: Ehr, { datetime }: Appointment): string {
	return String(DateTime.fromISO(datetime, { zone: settings.timezone }).toISODate());
}

/** Whether a visit occupies its time. */
export function takesTime(appointment: Appointment): boolean {
	return isInEhr(appointment) && !FREED.has(appointment.status);
}

/** A time in the format of events. */
export function isoZ(datetime: string): string {
	return new Date(datetime).toISOString();
}

function overlap(ehr: Ehr, wanted: Appointment): Appointment | undefined {
	const start = ({ datetime }: Appointment) => Date.parse(datetime);
	const end = (appointment: Appointment) => start(appointment) + appointment.duration * 60_000;
	return ehr.appointments.find(
		(other) =>
			other.id !== wanted.id &&
			takesTime(other) &&
			other.provider_ehr_id === wanted.provider_ehr_id &&
			start(other) < end(wanted) &&
			start(wanted) < end(other),
	);
}

function refusal(ehr: Ehr, appointment: Appointment, isExclusive: boolean): Failure | undefined {
	// The documents say that an unknown location or provider is refused at once, but not that an MRN or a visit
	// type is: so the EHR worker finds out.
	const nobody = unknownPatient(ehr, appointment.patient_mrn);
	if (nobody) return nobody;
	if (!ehr.settings.visit_types.some(({ code }) => code === appointment.appointment_type)) {
		return failureOf('VISIT_TYPE_NOT_FOUND', 'The visit type does not exist in the EHR.');
	}
	const other = isExclusive ? overlap(ehr, appointment) : undefined;
	// The values of the two conflict fields are not documented.
	return (
		other &&
		failureOf('SCHEDULE_CONFLICT', 'The provider already has a visit at this time.', {
			conflict_type: 'appointment',
			conflict_details: `Overlaps a visit at ${isoZ(other.datetime)} of ${other.duration} minutes.`,
		})
	);
}

/** The event of a failure. */
function failed({ id, patient_mrn }: Appointment, failure: Failure) {
	return { type: 'appointment.failed', data: { appointment_id: id, mrn: patient_mrn, ...failure } };
}

/** The event data of a new visit, whoever booked it. */
export function bookedVisit(ehr: Ehr, appointment: Appointment) {
	const provider = providerOf(ehr, appointment);
	const secondary = ehr.providers.find(
		({ ehr_id }) => ehr_id === appointment.secondary_provider_ehr_id,
	);
	return {
		appointment_id: appointment.id,
		mrn: appointment.patient_mrn,
		date_time: isoZ(appointment.datetime),
		timezone: ehr.settings.timezone,
		provider_id: provider?.id ?? null,
		provider_name: provider?.name ?? null,
		secondary_provider_id: secondary?.id ?? null,
	};
}

/** The event data of a changed visit, whoever changed it, without the changes. */
export function updatedVisit(ehr: Ehr, appointment: Appointment) {
	return {
		id: appointment.id,
		ehr_appointment_id: appointment.ehr_appointment_id,
		patient_mrn: appointment.patient_mrn,
		patient_name: fullName(patientOf(ehr, appointment)),
		datetime: isoZ(appointment.datetime),
		duration: appointment.duration,
		location: appointment.location,
		status: appointment.status,
		provider_name: providerOf(ehr, appointment)?.name ?? null,
		appointment_type: appointment.appointment_type,
		appointment_mode: modeOf(appointment),
	};
}

/** The task that enters an appointment into the EHR. */
export function createAppointment(
	{ ehr, ids }: Context,
	appointment: Appointment,
	body: Record<string, unknown>,
): EhrTask {
	const ehr_appointment_id = ids.digits(9);
	return {
		kind: 'appointment.create',
		recordId: appointment.id,
		body,
		refusal: () => refusal(ehr, appointment, body.prevent_double_booking === 'true'),
		succeed() {
			Object.assign(appointment, { status: 'scheduled', ehr_appointment_id });
			return { type: 'appointment.created', data: bookedVisit(ehr, appointment) };
		},
		fail(failure) {
			appointment.status = 'failed';
			return failed(appointment, failure);
		},
	};
}

/** The task that changes an appointment in the EHR. The event's data was cut off in the documents: it gets the
 * fields of the sync event of the same name. A failed update leaves the appointment as it was. */
export function updateAppointment(
	{ ehr }: Context,
	appointment: Appointment,
	changes: Partial<Appointment>,
	body: Record<string, unknown>,
): EhrTask {
	const apply = () => Object.assign(appointment, changes);
	const isInEhrAlready = isInEhr(appointment);
	// Otherwise the change is to Cobalt's own record, which the EHR worker then enters (documented for patients).
	if (!isInEhrAlready) apply();
	return {
		kind: 'appointment.update',
		recordId: appointment.id,
		body,
		refusal: () => undefined,
		succeed() {
			if (isInEhrAlready) apply();
			return {
				type: 'appointment.updated',
				data: { ...updatedVisit(ehr, appointment), updated_fields: changes },
			};
		},
		fail: (failure) => failed(appointment, failure),
	};
}

/** Reads a date and a clock time in the account's timezone: the documents name no timezone. */
export function atClockTime(date: string, time: string, zone: string): string {
	const format = 'yyyy-MM-dd h:mm a';
	return String(DateTime.fromFormat(`${date} ${time}`, format, { zone, locale: 'en-US' }).toISO());
}
