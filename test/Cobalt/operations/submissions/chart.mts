import { keepFile } from '../../../../tools/n8n-host/binaryData.mts';
import { booked, byId, fromList, type Prepare } from '../setup.mts';

const note: Prepare = async (cobalt) => {
	const id = await booked(cobalt);
	const parts = {
		subjective: 'Reports mild headaches',
		objective: 'BP 118/76',
		assessment: 'Tension headache',
		plan: 'Hydration\nFollow up in two weeks',
	};
	return {
		method: 'POST',
		full: {
			parameters: {
				appointmentId: id,
				format: 'structured',
				...parts,
				icd10Codes: 'G44.209, Z00.00',
				cptCodes: '99213',
			},
			path: '/notes',
			body: {
				appointment_id: id,
				note: parts,
				icd_10_codes: ['G44.209', 'Z00.00'],
				cpt_codes: ['99213'],
			},
			record: {
				state: 'done',
				appointment_id: id,
				note: parts,
				icd_10_codes: ['G44.209', 'Z00.00'],
				cpt_codes: ['99213'],
			},
		},
		minimal: {
			parameters: { appointmentId: id, format: 'text', note: 'Seen.\n\nAll is well.' },
			path: '/notes',
			body: { appointment_id: id, note: 'Seen.\n\nAll is well.' },
			record: { state: 'done', note: 'Seen.\n\nAll is well.', icd_10_codes: [], cpt_codes: [] },
		},
		timeout: 180,
		event: 'note.created',
		recordOf: (record) => cobalt.world.notes({ id: record })[0],
		undone: { state: 'failed' },
	};
};

const patientNote: Prepare = (cobalt) => {
	const texts = { subject: 'Phone call', note: 'Asked to move the next visit' };
	const body = { patient_mrn: '804', ...texts, location_id: '2' };
	const example = { path: '/patient-notes', body, record: { state: 'done', ...body } };
	return {
		method: 'POST',
		full: {
			parameters: { patientMrn: '804', ...texts, locationId: fromList('2', 'Riverside Clinic') },
			...example,
		},
		minimal: { parameters: { patientMrn: '={{ 804 }}', ...texts, locationId: '2' }, ...example },
		timeout: 180,
		recordKey: 'patient_note_id',
		recordOf: (id) => cobalt.world.patientNotes({ id })[0],
		undone: { state: 'failed' },
	};
};

const document: Prepare = async (cobalt) => {
	const file = {
		bytes: new Uint8Array(Buffer.from('%PDF-1.4 results')),
		fileName: 'blood count.pdf',
		mimeType: 'application/pdf',
	};
	const { bytes } = file;
	const uploaded = { filename: file.fileName, mimetype: file.mimeType };
	const kept = await keepFile('default', file);
	return {
		method: 'POST',
		full: {
			parameters: {
				patientMrn: '804',
				binaryPropertyName: 'scan',
				folderName: 'Lab Results',
				additionalFields: {
					emrAssignedToId: '501',
					isHighPriority: true,
					notes: 'Sent in by the patient\nby mail',
					isReviewed: false,
				},
			},
			files: { scan: kept },
			path: '/documents',
			body: {
				patient_mrn: '804',
				document: { ...uploaded, bytes: Buffer.from(bytes) },
				folder_name: 'Lab Results',
				emr_assigned_to_id: '501',
				is_high_priority: 'true',
				// As forms have it.
				notes: 'Sent in by the patient\r\nby mail',
				is_reviewed: 'false',
			},
			record: {
				state: 'done',
				patient_mrn: '804',
				folder_name: 'Lab Results',
				...uploaded,
				bytes,
				emr_assigned_to_id: '501',
				is_high_priority: true,
				is_reviewed: false,
			},
		},
		minimal: {
			parameters: { patientMrn: '804', folderName: 'Lab Results' },
			files: { data: kept },
			path: '/documents',
			body: {
				patient_mrn: '804',
				document: { ...uploaded, bytes: Buffer.from(bytes) },
				folder_name: 'Lab Results',
			},
			record: { state: 'done', ...uploaded, bytes, emr_assigned_to_id: null, notes: null },
		},
		timeout: 180,
		event: 'document.uploaded',
		recordKey: 'document_id',
		recordOf: (id) => cobalt.world.documents({ id })[0],
		undone: { state: 'failed' },
	};
};

const referral: Prepare = async (cobalt) => {
	const letter = {
		bytes: Buffer.from('Dear colleague'),
		fileName: 'letter.txt',
		mimeType: 'text/plain',
	};
	return {
		method: 'POST',
		full: {
			parameters: {
				patientMrn: '804',
				direction: 'incoming',
				fromReferringProvider: fromList('401', 'Ellen Brandt'),
				toProvider: byId('118'),
				priority: 'urgent',
				reason: 'Evaluation of a murmur',
				additionalFields: { diagnosisCodes: 'R01.1, I10', binaryPropertyNames: 'letter' },
			},
			files: { letter: await keepFile('default', letter) },
			path: '/referrals',
			body: {
				patient_mrn: '804',
				direction: 'incoming',
				referring_from_provider_ehr_id: '401',
				referring_to_provider_ehr_id: '118',
				priority: 'urgent',
				reason: 'Evaluation of a murmur',
				diagnosis_codes: ['R01.1', 'I10'],
				documents: [{ filename: 'letter.txt', content_base64: letter.bytes.toString('base64') }],
			},
			record: {
				state: 'done',
				patient_mrn: '804',
				direction: 'incoming',
				from_provider_ehr_id: '401',
				to_provider_ehr_id: '118',
				priority: 'urgent',
				reason: 'Evaluation of a murmur',
				diagnosis_codes: ['R01.1', 'I10'],
			},
		},
		minimal: {
			parameters: {
				patientMrn: '804',
				direction: 'outgoing',
				fromProvider: '118',
				toReferringProvider: '402',
				priority: 'routine',
				reason: 'Rash',
			},
			path: '/referrals',
			body: {
				patient_mrn: '804',
				direction: 'outgoing',
				referring_from_provider_ehr_id: '118',
				referring_to_provider_ehr_id: '402',
				priority: 'routine',
				reason: 'Rash',
			},
			record: { state: 'done', from_provider_ehr_id: '118', document_ids: [] },
		},
		timeout: 120,
		recordKey: 'referral_id',
		recordOf: (id) => cobalt.world.referrals({ id })[0],
		undone: { state: 'failed' },
	};
};

const payment: Prepare = (cobalt) => {
	const texts = { paymentMethod: 'Card', referenceNumber: 'ch_3PqX2L' };
	const body = {
		patient_mrn: '804',
		payment_method: 'Card',
		reference_number: 'ch_3PqX2L',
		location: '2',
		amount: 25.5,
	};
	const more = { notes: 'Copayment', deposit_date: '2025-03-09' };
	return {
		method: 'POST',
		full: {
			parameters: {
				patientMrn: '804',
				...texts,
				amount: 25.5,
				location: fromList('2', 'Riverside Clinic'),
				additionalFields: { notes: 'Copayment', depositDate: '2025-03-09' },
			},
			path: '/payments',
			body: { ...body, ...more },
			record: { state: 'done', ...body, ...more },
		},
		minimal: {
			parameters: { patientMrn: '={{ 804 }}', ...texts, amount: '={{ "25.5" }}', location: '2' },
			path: '/payments',
			body,
			record: { state: 'done', ...body },
		},
		timeout: 120,
		recordKey: 'payment_id',
		recordOf: (id) => cobalt.world.payments({ id })[0],
		undone: { state: 'failed' },
	};
};

export const chart: Record<string, Prepare> = {
	'note.create': note,
	'patientNote.create': patientNote,
	'payment.create': payment,
	'document.upload': document,
	'referral.create': referral,
};
