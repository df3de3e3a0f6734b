import { DateTime } from 'luxon';
import { Refusal } from '../answer.mts';
import type { Appointment, Ehr } from '../ehr.mts';
import { route } from '../route.mts';
import {
	atClockTime,
	createAppointment,
	fullName,
	isInEhr,
	modeOf,
	patientOf,
	providerOf,
	updateAppointment,
} from '../tasks/appointments.mts';
import {
	clockTime,
	day,
	digits,
	eachOptional,
	flag,
	instant,
	oneOf,
	optional,
	refuseFields,
	required,
	requireFields,
	text,
} from '../validation.mts';
import { checkEhrIds, contains, isSamePhone } from './lookups.mts';

/** How long a visit is when nobody says: not documented. */
const DEFAULT_MINUTES = '30';

interface When {
	datetime?: string;
	date?: string;
	time?: string;
}

/** Either `datetime`, or `date` and `time` (2.5). */
function startOf(when: When, zone: string): string {
	const { datetime, date, time } = when;
	if (datetime === undefined) {
		const isSplit = date !== undefined || time !== undefined;
		requireFields(isSplit ? ['date', 'time'] : ['datetime'], { date, time });
		return atClockTime(String(date), String(time), zone);
	}
	if (date !== undefined || time !== undefined) {
		throw new Refusal(400, 'Send either datetime, or date and time.');
	}
	return datetime;
}

function find(ehr: Ehr, id: string | undefined): Appointment {
	const appointment = ehr.appointments.find((candidate) => candidate.id === id);
	if (!appointment) throw new Refusal(404, 'Appointment not found.');
	return appointment;
}

/** A scheduled appointment lets only `status` and `note` change. Before that, the documents list
 * every attribute except `status`, which is then Cobalt's own (2.5). */
function refuseUnchangeable(appointment: Appointment, changes: object): void {
	const names = Object.keys(changes);
	if (isInEhr(appointment)) {
		refuseFields(
			names.filter((name) => name !== 'status' && name !== 'note'),
			'. A scheduled appointment takes only status and note.',
		);
	} else {
		refuseFields(
			names.filter((name) => name === 'status'),
			'. Only a scheduled appointment takes a status.',
		);
	}
}

/** The newer pages ask for one of the account's visit statuses (contradiction 8). */
function checkVisitStatus({ settings }: Ehr, status: string | undefined): void {
	if (status !== undefined && !settings.visit_statuses.some(({ code }) => code === status)) {
		throw new Refusal(400, 'Invalid value for field: status. Expected a visit status.');
	}
}

/** An update's fields, under the names of the record. */
function changesFrom(body: Partial<Record<string, string>>): Partial<Appointment> {
	const columns = {
		datetime: body.datetime ?? body.appointment_datetime,
		patient_mrn: body.mrn,
		location: body.location,
		provider_ehr_id: body.provider,
		appointment_type: body.type,
		note: body.note,
		reason: body.reason,
		status: body.status,
	};
	return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

/** What both ways of reading an appointment show. */
function summary(ehr: Ehr, appointment: Appointment) {
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

function listed(ehr: Ehr, appointment: Appointment, withNote: boolean) {
	const patient = patientOf(ehr, appointment);
	return {
		...summary(ehr, appointment),
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
		...(withNote ? { note: appointment.note, progress_note: null } : {}),
		created_at: appointment.created_at,
		object_metadata: { source: 'cobalt_operation', created_at: appointment.created_at },
	};
}

export const appointmentRoutes = [
	route({
		method: 'POST',
		path: '/appointments',
		body: {
			mrn: required(text),
			location: required(text),
			provider: required(text),
			type: required(text),
			datetime: optional(instant),
			date: optional(day),
			time: optional(clockTime),
			duration: optional(digits),
			new_patient: optional(flag),
			prevent_double_booking: optional(flag),
			...eachOptional(['secondary_provider', 'note', 'reason'], text),
		},
		run(inside, { body }) {
			const { ehr, robot, dialect, ids } = inside;
			const datetime = startOf(body, ehr.settings.timezone);
			checkEhrIds(ehr, {
				locations: [body.location],
				providers: [body.provider, body.secondary_provider],
			});
			const appointment: Appointment = {
				id: ids.id(),
				ehr_appointment_id: null,
				status: 'pending',
				datetime,
				duration: Number(body.duration ?? DEFAULT_MINUTES),
				appointment_type: body.type,
				location: body.location,
				patient_mrn: body.mrn,
				provider_ehr_id: body.provider,
				secondary_provider_ehr_id: body.secondary_provider ?? null,
				reason: body.reason ?? null,
				note: body.note ?? null,
				created_at: new Date().toISOString(),
			};
			ehr.appointments.push(appointment);
			return dialect.created(
				{ appointment_id: appointment.id },
				'Appointment processing. A webhook event will be sent upon completion.',
				robot.submit(createAppointment(inside, appointment, body)),
			);
		},
	}),
	route({
		method: 'PATCH',
		path: '/appointments/:id',
		body: {
			// The example says appointment_datetime, the schema datetime (contradiction 8).
			...eachOptional(['datetime', 'appointment_datetime'], instant),
			...eachOptional(['mrn', 'location', 'provider', 'type', 'note', 'reason', 'status'], text),
		},
		run(inside, { params, body }) {
			const { ehr, robot, dialect } = inside;
			const appointment = find(ehr, params.id);
			if (Object.keys(body).length === 0) throw new Refusal(400, 'No fields to update.');
			refuseUnchangeable(appointment, body);
			checkVisitStatus(ehr, body.status);
			checkEhrIds(ehr, { locations: [body.location], providers: [body.provider] });
			const changes = changesFrom(body);
			return dialect.changed(
				'Appointment updated successfully',
				robot.submit(updateAppointment(inside, appointment, changes, body)),
			);
		},
	}),
	route({
		method: 'GET',
		path: '/appointments',
		query: {
			start_date: required(day),
			end_date: required(day),
			...eachOptional(['patient_mrn', 'patient_name', 'patient_phone'], text),
			include_note: optional(flag),
			appointment_mode: optional(oneOf('office', 'telemedicine')),
		},
		run({ ehr }, { query }) {
			// Reads a copy of the EHR (1): what is not in the EHR (yet) is not in the copy.
			const found = ehr.appointments.filter((appointment) => {
				const patient = patientOf(ehr, appointment);
				const { timezone } = ehr.settings;
				const date = String(DateTime.fromISO(appointment.datetime, { zone: timezone }).toISODate());
				const mode = modeOf(appointment);
				return (
					isInEhr(appointment) &&
					date >= query.start_date &&
					date <= query.end_date &&
					mode === (query.appointment_mode ?? mode) &&
					appointment.patient_mrn === (query.patient_mrn ?? appointment.patient_mrn) &&
					contains(fullName(patient), query.patient_name) &&
					isSamePhone(patient?.phone, query.patient_phone)
				);
			});
			const withNote = query.include_note === 'true';
			return { success: true, appointments: found.map((one) => listed(ehr, one, withNote)) };
		},
	}),
	route({
		method: 'GET',
		path: '/appointment/:id',
		run({ ehr }, { params }) {
			const appointment = find(ehr, params.id);
			const patient_sex = patientOf(ehr, appointment)?.sex ?? null;
			// One object under a plural key, as documented (2.5).
			return { success: true, appointments: { ...summary(ehr, appointment), patient_sex } };
		},
	}),
];
