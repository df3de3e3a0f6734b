import { byId, fromList, type Prepare } from '../setup.mts';

const createTask: Prepare = (cobalt) => ({
	method: 'POST',
	full: {
		parameters: {
			patientMrn: '804',
			taskDescription: 'Call about the lab results\nToday',
			additionalFields: {
				assigneeUserId: '={{ 501 }}',
				notifyList: '501, 502',
				phoneCallTypeId: '3',
				subject: 'Lab results',
			},
		},
		path: '/tasks',
		body: {
			patient_mrn: '804',
			description: 'Call about the lab results\nToday',
			assignee_user_id: '501',
			notify_list: ['501', '502'],
			phone_call_type_id: '3',
			subject: 'Lab results',
		},
		record: {
			state: 'done',
			patient_mrn: '804',
			description: 'Call about the lab results\nToday',
			assignee_user_id: '501',
			notify_list: ['501', '502'],
			phone_call_type_id: '3',
			subject: 'Lab results',
		},
	},
	minimal: {
		parameters: { patientMrn: '804', taskDescription: 'Call back' },
		path: '/tasks',
		body: { patient_mrn: '804', description: 'Call back' },
		record: { state: 'done', subject: null, assignee_user_id: null, notify_list: [] },
	},
	timeout: 120,
	event: 'task.created',
	recordKey: 'task_id',
	recordOf: (id) => cobalt.world.tasks({ id })[0],
	undone: { state: 'failed', emr_task_id: null },
});

const addTaskNote: Prepare = (cobalt) => {
	const body = { emr_task_id: '70001', note: 'Called back, no answer' };
	const example = { path: '/tasks/notes', body, record: { state: 'done', ...body } };
	return {
		method: 'POST',
		full: { parameters: { emrTaskId: '70001', note: 'Called back, no answer' }, ...example },
		minimal: {
			parameters: { emrTaskId: '={{ 70001 }}', note: ' Called back, no answer ' },
			...example,
		},
		timeout: 120,
		recordKey: 'task_note_id',
		recordOf: (id) => cobalt.world.taskNotes({ id })[0],
		undone: { state: 'failed' },
	};
};

const sendMessage: Prepare = (cobalt) => {
	const texts = { subject: 'Refill request', message: 'Asks for a call back.\n\nThank you.' };
	const body = { provider: '118', ...texts };
	const example = { path: '/messages', body, record: { state: 'done', ...body } };
	return {
		method: 'POST',
		full: { parameters: { provider: fromList('118', 'Dr. Denenberg'), ...texts }, ...example },
		minimal: { parameters: { provider: '118', ...texts }, ...example },
		timeout: 120,
		recordKey: 'message_id',
		recordOf: (id) => cobalt.world.messages({ id })[0],
		undone: { state: 'failed' },
	};
};

const createReferringProvider: Prepare = (cobalt) => ({
	method: 'POST',
	full: {
		parameters: {
			firstName: 'Omar',
			lastName: 'Haddad',
			npi: '={{ 1234567893 }}',
			additionalFields: {
				address: '1 Main Street',
				city: 'Boston',
				email: 'omar@example.com',
				fax: '(555) 123-4568',
				phone: '5551234567',
				state: 'MA',
				zipCode: '02108',
			},
		},
		path: '/referring-providers',
		body: {
			first_name: 'Omar',
			last_name: 'Haddad',
			npi: '1234567893',
			address: '1 Main Street',
			city: 'Boston',
			email: 'omar@example.com',
			fax: '555-123-4568',
			phone: '555-123-4567',
			state: 'MA',
			zip_code: '02108',
		},
		record: {
			state: 'done',
			first_name: 'Omar',
			last_name: 'Haddad',
			npi: '1234567893',
			phone: '555-123-4567',
			fax: '555-123-4568',
			email: 'omar@example.com',
			address_street: '1 Main Street',
			address_city: 'Boston',
			address_state: 'MA',
			address_zip: '02108',
		},
	},
	minimal: {
		parameters: { firstName: 'Élodie', lastName: 'Brandão', npi: '1234567893' },
		path: '/referring-providers',
		body: { first_name: 'Élodie', last_name: 'Brandão', npi: '1234567893' },
		record: { state: 'done', first_name: 'Élodie', phone: null, email: null },
	},
	timeout: 120,
	recordKey: 'referring_provider_id',
	recordOf: (id) => cobalt.world.referringProviders({ id })[0],
	undone: { state: 'failed', ehr_id: null },
});

const createEncounter: Prepare = (cobalt) => ({
	method: 'POST',
	full: {
		parameters: {
			patientMrn: '123456789',
			providerId: byId('118'),
			locationId: fromList('2', 'Riverside Clinic'),
			assignedToId: '501',
			additionalFields: {
				pharmacyEhrId: fromList('301', 'Corner Pharmacy'),
				reason: 'Refill request',
				refillMedicationName: 'lisin',
			},
		},
		path: '/telephone-encounters',
		body: {
			patient_mrn: '123456789',
			provider_id: '118',
			location_id: '2',
			assigned_to_id: '501',
			pharmacy_ehr_id: '301',
			reason: 'Refill request',
			refill_medication_name: 'lisin',
		},
		record: {
			state: 'done',
			patient_mrn: '123456789',
			provider_id: '118',
			location_id: '2',
			assigned_to_id: '501',
			pharmacy_ehr_id: '301',
			reason: 'Refill request',
			refill_medication_name: 'Lisinopril 10 MG',
		},
	},
	minimal: {
		parameters: {
			patientMrn: '804',
			providerId: '118',
			locationId: '2',
			assignedToId: '={{ 502 }}',
		},
		path: '/telephone-encounters',
		body: { patient_mrn: '804', provider_id: '118', location_id: '2', assigned_to_id: '502' },
		record: { state: 'done', assigned_to_id: '502', reason: null, pharmacy_ehr_id: null },
	},
	timeout: 120,
	recordKey: 'telephone_encounter_id',
	recordOf: (id) => cobalt.world.telephoneEncounters({ id })[0],
	undone: { state: 'failed', emr_appointment_id: null },
});

const addAction: Prepare = (cobalt) => ({
	method: 'POST',
	full: {
		parameters: {
			emrAppointmentId: '60001',
			text: 'Send the refill',
			additionalFields: { isHighPriority: true },
		},
		path: '/telephone-encounters/actions',
		body: { emr_appointment_id: '60001', text: 'Send the refill', is_high_priority: 'true' },
		record: { state: 'done', emr_appointment_id: '60001', is_high_priority: true },
	},
	minimal: {
		parameters: { emrAppointmentId: '={{ 60001 }}', text: 'Send the refill' },
		path: '/telephone-encounters/actions',
		body: { emr_appointment_id: '60001', text: 'Send the refill' },
		record: { state: 'done', text: 'Send the refill', is_high_priority: false },
	},
	timeout: 120,
	recordKey: 'action_id',
	recordOf: (id) => cobalt.world.encounterActions({ id })[0],
	undone: { state: 'failed' },
});

export const office: Record<string, Prepare> = {
	'task.addNote': addTaskNote,
	'task.create': createTask,
	'message.create': sendMessage,
	'referringProvider.create': createReferringProvider,
	'telephoneEncounter.addAction': addAction,
	'telephoneEncounter.create': createEncounter,
};
