import { Refusal } from '../server/response.mts';
import { route } from '../server/route.mts';
import { submission } from '../server/submission.mts';
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
	requireAny,
	required,
	requireFields,
	text,
} from '../server/validation.mts';
import {
	atClockTime,
	createAppointment,
	fullName,
	isInEhr,
	localDayOf,
	modeOf,
	newAppointment,
	patientOf,
	updateAppointment,
} from '../tasks/appointments.mts';
import { appointmentSummary, listedAppointment } from '../views/appointments.mts';
import type { Appointment, Ehr } from '../world/ehr.mts';
import { checkEhrIds, contains, found, isSamePhone, isWithin } from './lookups.mts';

interface When {
	datetime?: string;
	date?: string;
	time?: string;
}

/** Either `datetime`, or `date` and `time`. */
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

/** The appointment with this Cobalt id. */
export function findAppointment(ehr: Ehr, id: string | undefined): Appointment {
	return found(
		ehr.appointments.find((candidate) => candidate.id === id),
		'Appointment',
	);
}

/** Of a scheduled appointment, only `status` and `note` can change. Before that, the documents list every
 * attribute except `status`, which is Cobalt's own until then. */
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

/** The newer pages ask for one of the account's visit statuses. The older ones do not. */
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

export const appointmentRoutes = [
	submission({
		method: 'POST',
		path: '/appointments',
		response: 'created',
		message: 'Appointment processing. A webhook event will be sent upon completion.',
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
		accept(context, { body }) {
			const { ehr } = context;
			const datetime = startOf(body, ehr.settings.timezone);
			checkEhrIds(ehr, {
				locations: [body.location],
				providers: [body.provider, body.secondary_provider],
			});
			const { duration } = body;
			const appointment = newAppointment(context, {
				datetime,
				...(duration === undefined ? {} : { duration: Number(duration) }),
				appointment_type: body.type,
				location: body.location,
				patient_mrn: body.mrn,
				provider_ehr_id: body.provider,
				secondary_provider_ehr_id: body.secondary_provider ?? null,
				reason: body.reason ?? null,
				note: body.note ?? null,
			});
			ehr.appointments.push(appointment);
			return {
				ids: { appointment_id: appointment.id },
				task: createAppointment(context, appointment, body),
			};
		},
	}),
	submission({
		method: 'PATCH',
		path: '/appointments/:id',
		response: 'changed',
		message: 'Appointment updated successfully',
		body: {
			// The example says appointment_datetime, the schema datetime.
			...eachOptional(['datetime', 'appointment_datetime'], instant),
			...eachOptional(['mrn', 'location', 'provider', 'type', 'note', 'reason', 'status'], text),
		},
		accept(context, { params, body }) {
			const { ehr } = context;
			const appointment = findAppointment(ehr, params.id);
			requireAny(body);
			refuseUnchangeable(appointment, body);
			checkVisitStatus(ehr, body.status);
			checkEhrIds(ehr, { locations: [body.location], providers: [body.provider] });
			const changes = changesFrom(body);
			return { ids: {}, task: updateAppointment(context, appointment, changes, body) };
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
		run({ ehr, dialect }, { query }) {
			// Lists Cobalt's copy of the EHR, which lacks what is not in the EHR (yet).
			const matching = ehr.appointments.filter((appointment) => {
				const patient = patientOf(ehr, appointment);
				const mode = modeOf(appointment);
				return (
					(dialect.listsUnfinished || isInEhr(appointment)) &&
					isWithin(localDayOf(ehr, appointment), query) &&
					mode === (query.appointment_mode ?? mode) &&
					appointment.patient_mrn === (query.patient_mrn ?? appointment.patient_mrn) &&
					contains(fullName(patient), query.patient_name) &&
					isSamePhone(patient?.phone, query.patient_phone)
				);
			});
			const withNote = query.include_note === 'true';
			return {
				success: true,
				appointments: matching.map((one) => listedAppointment(ehr, one, withNote)),
			};
		},
	}),
	route({
		method: 'GET',
		path: '/appointment/:id',
		run({ ehr }, { params }) {
			const appointment = findAppointment(ehr, params.id);
			const patient_sex = patientOf(ehr, appointment)?.sex ?? null;
			// One object under a plural key, as documented.
			return {
				success: true,
				appointments: { ...appointmentSummary(ehr, appointment), patient_sex },
			};
		},
	}),
];
