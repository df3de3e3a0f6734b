import { addEvent, type EventOptions } from '../events/addEvent.mts';
import type { Context } from '../server/context.mts';
import {
	bookedVisit,
	fullName,
	isoZ,
	newAppointment,
	patientOf,
	providerOf,
	updatedVisit,
	type NewAppointment,
} from '../tasks/appointments.mts';
import { patientWith } from '../tasks/patients.mts';
import type { Appointment, Patient } from './ehr.mts';

/** Changes by the clinic's staff in the EHR itself. They are in Cobalt's copy of the EHR at once, and a sync event
 * reports them: it has the type of an operation's event, but no job. Appointments are named by their Cobalt id,
 * patients by their MRN. */
export interface InEhr {
	book(appointment: NewAppointment, notice?: EventOptions): Appointment;
	updateAppointment(id: string, changes: Partial<Appointment>, notice?: EventOptions): void;
	/** Whether Cobalt also sends an update event is not documented: the fake does not. */
	setStatus(id: string, status: string, notice?: EventOptions): void;
	/** Only the old events page shows this event, with numeric ids. */
	cancel(id: string, notice?: EventOptions): void;
	/** Registers a patient, without an event: none is documented for it. */
	register(patient: NewPatient): Patient;
	updatePatient(mrn: string, changes: Partial<Patient>, notice?: EventOptions): void;
}

/** What a patient must have; the rest is made up. */
type NewPatient = Pick<Patient, 'first_name' | 'last_name' | 'dob'> & Partial<Patient>;

/** The visit status for it in the settings. */
const CANCELLED = 'CANC';

const numberOr = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);

/** Adds an appointment of the staff to the EHR, without an event. */
export function bookInEhr(context: Context, appointment: NewAppointment): Appointment {
	const byStaff = {
		ehr_appointment_id: context.ids.digits(9),
		status: 'scheduled',
		source: null,
	};
	const booked = newAppointment(context, { ...byStaff, ...appointment });
	context.ehr.appointments.push(booked);
	return booked;
}

function known<T>(record: T | undefined, what: string): T {
	if (record === undefined) throw new Error(`The EHR has no ${what}`);
	return record;
}

/** Creates the staff's actions in one clinic. */
export function createInEhr(context: Context): InEhr {
	const { ehr, log, ehrWorker, clock } = context;
	const appointment = (wanted: string) => {
		ehrWorker.finishDueJobs();
		return known(
			ehr.appointments.find(({ id }) => id === wanted),
			`appointment ${wanted}`,
		);
	};
	return {
		book(wanted, notice) {
			ehrWorker.finishDueJobs();
			const booked = bookInEhr(context, wanted);
			addEvent(log, 'appointment.created', bookedVisit(ehr, booked), notice);
			return structuredClone(booked);
		},
		updateAppointment(id, changes, notice) {
			const changed = Object.assign(appointment(id), changes);
			// The documents show only the name of the status: the other fields have the record's names.
			const { datetime } = changes;
			const updated_fields = {
				...changes,
				...(datetime === undefined ? {} : { datetime: isoZ(datetime) }),
			};
			addEvent(
				log,
				'appointment.updated',
				{ ...updatedVisit(ehr, changed), updated_fields },
				notice,
			);
		},
		setStatus(id, status, notice) {
			const changed = appointment(id);
			const previous_status = changed.status;
			changed.status = status;
			const data = {
				id,
				ehr_appointment_id: changed.ehr_appointment_id,
				patient_mrn: changed.patient_mrn,
				patient_name: fullName(patientOf(ehr, changed)),
				datetime: isoZ(changed.datetime),
				status,
				previous_status,
				provider_name: providerOf(ehr, changed)?.name ?? null,
			};
			addEvent(log, 'appointment.status_updated', data, notice);
		},
		cancel(id, notice) {
			const cancelled = appointment(id);
			cancelled.status = CANCELLED;
			const data = {
				id,
				date_time: isoZ(cancelled.datetime),
				duration: cancelled.duration,
				provider_id: numberOr(cancelled.provider_ehr_id),
				provider_name: providerOf(ehr, cancelled)?.name ?? null,
				mrn: numberOr(cancelled.patient_mrn),
				cancelled_at: clock.now(),
			};
			addEvent(log, 'appointment.cancelled', data, notice);
		},
		register(wanted) {
			const patient: Patient = {
				id: context.ids.id(),
				mrn: context.ids.digits(9),
				ehr_id: context.ids.digits(9),
				status: 'active',
				sex: 'unknown',
				phone: null,
				medications: [],
				...wanted,
			};
			ehr.patients.push(patient);
			return structuredClone(patient);
		},
		updatePatient(mrn, changes, notice) {
			ehrWorker.finishDueJobs();
			const patient = known(patientWith(ehr, mrn), `patient with the MRN ${mrn}`);
			Object.assign(patient, changes);
			const data = { mrn, patient_name: fullName(patient), updated_fields: changes };
			addEvent(log, 'patient.updated', data, notice);
		},
	};
}
