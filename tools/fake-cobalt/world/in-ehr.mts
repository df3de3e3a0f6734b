import { tell, type Notice } from '../events/notice.mts';
import type { Inside } from '../server/inside.mts';
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
 * event tells of it: it has the name of an operation's, but no job (4.2). Appointments go by their Cobalt
 * id, patients by their MRN. */
export interface InEhr {
	book(appointment: NewAppointment, notice?: Notice): Appointment;
	updateAppointment(id: string, changes: Partial<Appointment>, notice?: Notice): void;
	/** Whether a change of the status is told of as an update too, is not documented: here it is not. */
	setStatus(id: string, status: string, notice?: Notice): void;
	/** Shown on the old events page only, with numbers for the ids. */
	cancel(id: string, notice?: Notice): void;
	updatePatient(mrn: string, changes: Partial<Patient>, notice?: Notice): void;
}

/** The visit status that the settings have for it. */
const CANCELLED = 'CANC';

const numberOr = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);

/** Puts an appointment of the staff into the EHR, without a word. */
export function bookInEhr(inside: Inside, appointment: NewAppointment): Appointment {
	const byStaff = {
		ehr_appointment_id: inside.ids.digits(9),
		status: 'scheduled',
		source: null,
	};
	const booked = newAppointment(inside, { ...byStaff, ...appointment });
	inside.ehr.appointments.push(booked);
	return booked;
}

function known<T>(record: T | undefined, what: string): T {
	if (record === undefined) throw new Error(`The EHR has no ${what}`);
	return record;
}

/** Opens the EHR to its staff. */
export function createInEhr(inside: Inside): InEhr {
	const { ehr, log, robot, clock } = inside;
	const appointment = (wanted: string) => {
		robot.settle();
		return known(
			ehr.appointments.find(({ id }) => id === wanted),
			`appointment ${wanted}`,
		);
	};
	return {
		book(wanted, notice) {
			robot.settle();
			const booked = bookInEhr(inside, wanted);
			tell(log, 'appointment.created', bookedVisit(ehr, booked), notice);
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
			tell(log, 'appointment.updated', { ...updatedVisit(ehr, changed), updated_fields }, notice);
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
			tell(log, 'appointment.status_updated', data, notice);
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
			tell(log, 'appointment.cancelled', data, notice);
		},
		updatePatient(mrn, changes, notice) {
			robot.settle();
			const patient = known(patientWith(ehr, mrn), `patient with the MRN ${mrn}`);
			Object.assign(patient, changes);
			const data = { mrn, patient_name: fullName(patient), updated_fields: changes };
			tell(log, 'patient.updated', data, notice);
		},
	};
}
