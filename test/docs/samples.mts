import type { INodeParameters } from 'n8n-workflow';

import type { Cobalt } from '../../tools/fake-cobalt/index.mts';

const DAYS = { startDate: '2025-06-02', endDate: '2025-06-06' };
const YEARS = { startDate: '2020-01-01', endDate: '2026-12-31' };
const MRN = '44235';

/** The first of these records; the world has one of each kind that a sample needs. */
function only<T>(records: T[]): T {
	const [first] = records;
	if (first === undefined) throw new Error('The fake Cobalt has no such record');
	return first;
}

/** Parameters with which each operation succeeds on the fake Cobalt, where one visit is booked. */
export function samples({ world }: Cobalt): Record<string, Record<string, INodeParameters>> {
	const appointmentId = () => only(world.appointments()).id;
	return {
		account: { getSettings: {} },
		appointment: {
			cancel: { appointmentId: appointmentId(), status: 'CANC' },
			create: {
				mrn: MRN,
				datetime: '2025-04-01 2:00 PM',
				provider: '118',
				location: '2',
				type: 'follow_up',
			},
			fetchLive: { searchBy: 'date_range', ...DAYS },
			get: { appointmentId: appointmentId() },
			getAll: DAYS,
			update: { appointmentId: appointmentId(), updateFields: { note: 'Needs a ramp' } },
		},
		availability: {
			fetchLive: { startDate: '2025-06-04', endDate: '2025-06-04', providerIds: ['118'] },
			findSlots: { ...DAYS, duration: 30 },
			getAll: DAYS,
		},
		claim: { create: { appointmentId: appointmentId() }, getAll: YEARS },
		document: {
			download: { documentId: only(world.documents({ state: 'done' })).id },
			upload: { patientMrn: MRN, folderName: 'Lab Results', binaryPropertyName: 'data' },
		},
		eligibilityCheck: {
			getAll: {},
			getBenefits: { eligibilityCheckId: only(world.eligibilityChecks()).id },
		},
		insuranceProvider: { getAll: {} },
		job: { getResult: { jobId: only(world.jobs()).id } },
		link: { createToken: { mode: 'connect', userId: 'user_7', orgId: 'clinic_1' } },
		location: {
			getAll: {},
			update: { locationId: only(world.locations()).id, status: 'active' },
		},
		message: { create: { provider: '118', subject: 'Refill', message: 'Please call back' } },
		note: { create: { appointmentId: appointmentId(), format: 'text', note: 'Seen today' } },
		order: { getAll: { patientMrn: only(world.orders()).patient_mrn } },
		patient: {
			get: { patient: { __rl: true, mode: 'mrn', value: MRN } },
			create: {
				firstName: 'Ada',
				lastName: 'Byron',
				dob: '1985-12-10',
				additionalFields: { sex: 'female' },
			},
			fetchLive: {
				searchBy: 'mrn',
				mrn: only(world.insurances()).patient_mrn,
				additionalFields: { include: ['insurances', 'tasks'] },
			},
			findOrCreate: {
				firstName: 'Ada',
				lastName: 'Byron',
				dob: '1985-12-10',
				additionalFields: { sex: 'female' },
			},
			getAll: {},
			update: {
				patientId: only(world.patients({ mrn: MRN })).id,
				updateFields: { phone: '555-123-4567' },
			},
		},
		patientInsurance: {
			create: {
				patientMrn: MRN,
				memberId: 'W1',
				insuranceProviderId: only(world.insuranceProviders()).id,
				additionalFields: { planBeginDate: '2025-01-01' },
			},
			update: {
				patientMrn: only(world.insurances()).patient_mrn,
				emrInsuranceId: only(world.insurances()).emr_insurance_id,
				updateFields: { groupId: '7' },
			},
		},
		patientNote: {
			create: { patientMrn: MRN, subject: 'Phone call', note: 'Moved', locationId: '2' },
		},
		payment: {
			create: {
				patientMrn: MRN,
				amount: 25,
				paymentMethod: 'Card',
				referenceNumber: 'ch_3PqX2L',
				location: '2',
			},
		},
		pharmacy: { getAll: {} },
		provider: {
			getAll: {},
			update: {
				providerId: only(world.providers()).id,
				updateFields: { hideInAvailability: false },
			},
		},
		referral: {
			create: {
				patientMrn: MRN,
				direction: 'incoming',
				fromReferringProvider: only(world.referringProviders()).ehr_id,
				toProvider: '118',
				priority: 'routine',
				reason: 'Evaluation',
			},
			getAll: YEARS,
		},
		referringProvider: {
			create: { firstName: 'Omar', lastName: 'Haddad', npi: '1234567893' },
			getAll: {},
		},
		task: {
			addNote: { emrTaskId: '70001', note: 'Called back' },
			create: { patientMrn: MRN, taskDescription: 'Call about the lab results' },
		},
		telephoneEncounter: {
			addAction: { emrAppointmentId: '60001', text: 'Send the refill' },
			create: { patientMrn: MRN, providerId: '118', locationId: '2', assignedToId: '501' },
		},
		webhook: {
			create: { webhookUrl: 'https://example.com/cobalt' },
			delete: { webhookId: only(world.webhooks()).id },
			getAll: {},
			rotateSecret: { webhookId: only(world.webhooks()).id },
		},
		webhookEvent: { getAll: {} },
	};
}
