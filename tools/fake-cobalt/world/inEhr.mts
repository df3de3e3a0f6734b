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

/** What the clinic's staff does in the EHR itself. Cobalt's copy of the EHR has it at once, and a sync
 * event tells of it: it has the name of an operation's, but no job. Appointments go by their Cobalt
 * id, patients by their MRN. */
export interface InEhr {
	book(appointment: NewAppointment, notice?: EventOptions): Appointment;
	updateAppointment(id: string, changes: Partial<Appointment>, notice?: EventOptions): void;
	/** Whether a change of the status is told of as an update too, is not documented: here it is not. */
	setStatus(id: string, status: string, notice?: EventOptions): void;
	/** Shown on the old events page only, with numbers for the ids. */
	cancel(id: string, notice?: EventOptions): void;
	updatePatient(mrn: string, changes: Partial<Patient>, notice?: EventOptions): void;
}

/** The visit status that the settings have for it. */
const CANCELLED = 'CANC';

const numberOr = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);

/** Puts an appointment of the staff into the EHR, without a word. */
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

/** Opens the EHR to its staff. */
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
			// By which names the fields go is shown of the status only: the others have those of the record.
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
		updatePatient(mrn, changes, notice) {
			ehrWorker.finishDueJobs();
			const patient = known(patientWith(ehr, mrn), `patient with the MRN ${mrn}`);
			Object.assign(patient, changes);
			const data = { mrn, patient_name: fullName(patient), updated_fields: changes };
			addEvent(log, 'patient.updated', data, notice);
		},
	};
}
