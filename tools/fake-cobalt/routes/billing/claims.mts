import { Refusal } from '../../server/response.mts';
import { pagesOf } from '../../server/paging.mts';
import { route } from '../../server/route.mts';
import { submission } from '../../server/submission.mts';
import {
	cobaltId,
	day,
	missingQuoted,
	optional,
	required,
	text,
} from '../../server/validation.mts';
import { fullName } from '../../tasks/appointments.mts';
import { createClaim } from '../../tasks/claims.mts';
import { patientWith } from '../../tasks/patients.mts';
import { listedClaim } from '../../views/claims.mts';
import type { Claim } from '../../world/records.mts';
import { findAppointment } from '../appointments.mts';
import { isWithin, requireEClinicalWorks } from '../lookups.mts';

/** Claims are paged, but the documents do not show how: the style of most lists. */
const pages = pagesOf({ style: 'current', size: 50, max: 100 });

export const claimRoutes = [
	submission({
		method: 'POST',
		path: '/claims',
		status: 202,
		missing: missingQuoted,
		body: { appointment_id: required(cobaltId) },
		message: 'Claim creation queued. A webhook event will be sent upon completion.',
		accept(context, { body }) {
			const { ehr, ids, clock } = context;
			requireEClinicalWorks(ehr, 'Creating claims');
			const appointment = findAppointment(ehr, body.appointment_id);
			const { ehr_appointment_id, datetime, patient_mrn, provider_ehr_id } = appointment;
			if (ehr_appointment_id === null) {
				throw new Refusal(400, 'The appointment has no emr_appointment_id.');
			}
			const isSame = (claim: Claim) => claim.emr_appointment_id === ehr_appointment_id;
			if (ehr.claims.some((claim) => isSame(claim) && claim.state !== 'failed')) {
				throw new Refusal(400, 'A claim for this appointment already exists.');
			}
			const record: Claim = {
				id: ids.id(),
				state: 'pending',
				emr_claim_id: null,
				emr_appointment_id: ehr_appointment_id,
				patient_mrn,
				provider_ehr_id,
				service_date: datetime.slice(0, 10),
				claim_date: clock.now().slice(0, 10),
				claim_status: 'PEN',
				total_charge: 0,
				total_payment: 0,
			};
			ehr.claims.push(record);
			return {
				ids: { claim_id: record.id, appointment_id: appointment.id },
				task: createClaim(context, record, body),
			};
		},
	}),
	route({
		method: 'GET',
		path: '/claims',
		query: { start_date: optional(day), end_date: optional(day), ...pages.query },
		run(context, { query }) {
			const matching = context.ehr.claims.filter(
				({ state, service_date }) => state === 'done' && isWithin(service_date, query),
			);
			const { items, pagination } = pages.cut(matching, query);
			return {
				success: true,
				claims: items.map((claim) => listedClaim(context, claim)),
				pagination,
			};
		},
	}),
	route({
		method: 'GET',
		path: '/orders',
		query: {
			patient_mrn: required(text),
			start_date: optional(day),
			end_date: optional(day),
		},
		run({ ehr, dialect }, { query }) {
			const patient = patientWith(ehr, query.patient_mrn);
			const matching = ehr.orders.filter(
				({ patient_mrn, order_date }) =>
					patient_mrn === query.patient_mrn && isWithin(order_date, query),
			);
			const person = { name: fullName(patient), dob: patient?.dob ?? null };
			return { success: true, orders: matching.map((order) => dialect.order(order, person)) };
		},
	}),
];
