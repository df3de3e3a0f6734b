import type { Cobalt } from '../../../../tools/fake-cobalt/index.mts';
import { booked, byId, fromList, unbooked, type Prepare } from '../setup.mts';

const recordOf = (cobalt: Cobalt) => (id: string) => cobalt.world.appointments({ id })[0];

const cancel: Prepare = async (cobalt) => {
	const id = await booked(cobalt);
	const path = `/appointments/${id}`;
	return {
		method: 'PATCH',
		full: {
			parameters: {
				appointmentId: id,
				status: fromList('CANC', 'Cancelled in advance'),
				additionalFields: { note: 'Called in sick\nWill call again' },
			},
			path,
			body: { status: 'CANC', note: 'Called in sick\nWill call again' },
			record: { status: 'CANC', note: 'Called in sick\nWill call again' },
		},
		minimal: {
			parameters: { appointmentId: id, status: 'R/S' },
			path,
			body: { status: 'R/S' },
			record: { status: 'R/S', note: null },
		},
		timeout: 120,
		event: 'appointment.updated',
		recordKey: 'appointment_id',
		recordOf: recordOf(cobalt),
		undone: { status: 'scheduled' },
	};
};

const create: Prepare = (cobalt) => ({
	method: 'POST',
	full: {
		parameters: {
			mrn: '44235',
			datetime: '2025-06-02T14:30:00',
			provider: fromList('118', 'Dr. Michael Denenberg'),
			location: byId('2'),
			type: { __rl: true, mode: 'id', value: '={{ "follow" + "_up" }}' },
			additionalFields: {
				duration: 20,
				newPatient: true,
				note: 'Needs a ramp',
				preventDoubleBooking: true,
				reason: 'Annual physical',
				secondaryProvider: byId('123456789'),
			},
		},
		path: '/appointments',
		body: {
			mrn: '44235',
			datetime: '2025-06-02T14:30:00-04:00',
			provider: '118',
			location: '2',
			type: 'follow_up',
			duration: '20',
			new_patient: 'true',
			note: 'Needs a ramp',
			prevent_double_booking: 'true',
			reason: 'Annual physical',
			secondary_provider: '123456789',
		},
		record: {
			status: 'scheduled',
			datetime: '2025-06-02T14:30:00-04:00',
			patient_mrn: '44235',
			location: '2',
			provider_ehr_id: '118',
			secondary_provider_ehr_id: '123456789',
			appointment_type: 'follow_up',
			duration: 20,
			note: 'Needs a ramp',
			reason: 'Annual physical',
		},
	},
	minimal: {
		parameters: {
			mrn: 'MRN123456',
			datetime: '2025-06-02T09:00:00Z',
			provider: '123456789',
			location: '123456789',
			type: 'new_patient',
		},
		path: '/appointments',
		body: {
			mrn: 'MRN123456',
			datetime: '2025-06-02T09:00:00+00:00',
			provider: '123456789',
			location: '123456789',
			type: 'new_patient',
		},
		record: { status: 'scheduled', patient_mrn: 'MRN123456', note: null, reason: null },
	},
	timeout: 120,
	event: 'appointment.created',
	recordKey: 'appointment_id',
	recordOf: recordOf(cobalt),
	undone: { status: 'failed' },
});

/** Of a booking that failed, everything but the status can change; of a scheduled one, status and note. */
const update: Prepare = async (cobalt) => {
	const failed = await unbooked(cobalt);
	const scheduled = await booked(cobalt);
	return {
		method: 'PATCH',
		full: {
			parameters: {
				appointmentId: failed,
				updateFields: {
					datetime: '2025-06-03 4:15 PM',
					location: fromList('123456789', 'Main Street Clinic'),
					note: 'Moved',
					mrn: '804',
					provider: byId('123456789'),
					reason: 'Follow-up',
					type: byId('televisit1'),
				},
			},
			path: `/appointments/${failed}`,
			body: {
				datetime: '2025-06-03T16:15:00-04:00',
				location: '123456789',
				note: 'Moved',
				mrn: '804',
				provider: '123456789',
				reason: 'Follow-up',
				type: 'televisit1',
			},
			record: {
				datetime: '2025-06-03T16:15:00-04:00',
				location: '123456789',
				note: 'Moved',
				patient_mrn: '804',
				provider_ehr_id: '123456789',
				reason: 'Follow-up',
				appointment_type: 'televisit1',
			},
		},
		minimal: {
			parameters: { appointmentId: scheduled, updateFields: { status: fromList('CHK', 'In') } },
			path: `/appointments/${scheduled}`,
			body: { status: 'CHK' },
			record: { status: 'CHK', note: null },
		},
		timeout: 120,
		event: 'appointment.updated',
		recordKey: 'appointment_id',
		recordOf: recordOf(cobalt),
		undone: { status: 'scheduled' },
	};
};

const claim: Prepare = async (cobalt) => {
	const id = await booked(cobalt);
	const example = {
		path: '/claims',
		body: { appointment_id: id },
		record: { state: 'done', patient_mrn: '44235', service_date: '2025-06-02' },
	};
	return {
		method: 'POST',
		full: { parameters: { appointmentId: id }, ...example },
		minimal: { parameters: { appointmentId: `={{ "${id}" }}` }, ...example },
		timeout: 120,
		recordKey: 'claim_id',
		recordOf: (claim) => cobalt.world.claims({ id: claim })[0],
		undone: { state: 'failed', emr_claim_id: null },
	};
};

export const appointments: Record<string, Prepare> = {
	'appointment.cancel': cancel,
	'appointment.create': create,
	'appointment.update': update,
	'claim.create': claim,
};
