import { Refusal, CustomResponse } from '../server/response.mts';
import { route } from '../server/route.mts';
import { submission } from '../server/submission.mts';
import {
	anyOf,
	eachOptional,
	file,
	flag,
	listOf,
	objectOf,
	optional,
	refuseFields,
	required,
	requireAny,
	text,
} from '../server/validation.mts';
import { createNote, createPatientNote, uploadDocument } from '../tasks/chart.mts';
import type { Document, Note, PatientNote } from '../world/records.mts';
import { findAppointment } from './appointments.mts';
import { checkEhrIds } from './lookups.mts';

/** Only the older page shows the parts of a structured note. */
const structured = objectOf(eachOptional(['subjective', 'objective', 'assessment', 'plan'], text));

/** Headers are ASCII: other names are encoded (RFC 6266). */
function attachment(filename: string): string {
	const plain = filename.replace(/[^\x20-\x7e]/g, '_').replace(/["\\]/g, '\\$&');
	const encoded = encodeURIComponent(filename).replace(
		/['()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
	return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

export const chartRoutes = [
	submission({
		method: 'POST',
		path: '/notes',
		body: {
			appointment_id: required(text),
			note: required(anyOf(text, structured)),
			icd_10_codes: optional(listOf(text)),
			cpt_codes: optional(listOf(text)),
		},
		// The response page shows neither the note's id nor a job; the page on awaiting results promises the job.
		response: 'changed',
		message: 'Note upload in progress.',
		accept(context, { body }) {
			const { ehr, ids } = context;
			const appointment = findAppointment(ehr, body.appointment_id);
			if (typeof body.note === 'string') {
				refuseFields(
					['icd_10_codes', 'cpt_codes'].filter((name) => Object.hasOwn(body, name)),
					'. Only a structured note takes codes.',
				);
			} else {
				requireAny(body.note);
			}
			const record: Note = {
				id: ids.id(),
				state: 'pending',
				appointment_id: appointment.id,
				note: body.note,
				icd_10_codes: body.icd_10_codes ?? [],
				cpt_codes: body.cpt_codes ?? [],
			};
			ehr.notes.push(record);
			return { ids: {}, task: createNote(context, record, appointment, body) };
		},
	}),
	submission({
		method: 'POST',
		path: '/patient-notes',
		body: {
			note: required(text),
			subject: required(text),
			patient_mrn: required(text),
			location_id: required(text),
		},
		message: 'Patient note processing. A webhook event will be sent upon completion.',
		accept(context, { body }) {
			const { ehr, ids } = context;
			// The page does not say which of a location's two ids is meant: by the general rule, the EHR's.
			checkEhrIds(ehr, { locations: [body.location_id] });
			const record: PatientNote = { id: ids.id(), state: 'pending', ...body };
			ehr.patientNotes.push(record);
			return {
				ids: { patient_note_id: record.id },
				task: createPatientNote(context, record, body),
			};
		},
	}),
	submission({
		method: 'POST',
		path: '/documents',
		multipart: true,
		body: {
			folder_name: required(text),
			patient_mrn: required(text),
			document: required(file),
			emr_assigned_to_id: optional(text),
			is_reviewed: optional(flag),
			notes: optional(text),
			is_high_priority: optional(flag),
		},
		message: 'Document uploaded successfully. It will be processed soon.',
		accept(context, { body }) {
			const { ehr, ids } = context;
			const { filename, mimetype, bytes } = body.document;
			const record: Document = {
				id: ids.id(),
				state: 'pending',
				patient_mrn: body.patient_mrn,
				folder_name: body.folder_name,
				filename,
				mimetype,
				bytes,
				emr_assigned_to_id: body.emr_assigned_to_id ?? null,
				is_reviewed: body.is_reviewed === 'true',
				is_high_priority: body.is_high_priority === 'true',
				notes: body.notes ?? null,
			};
			ehr.documents.push(record);
			return { ids: { document_id: record.id }, task: uploadDocument(context, record, body) };
		},
	}),
	route({
		method: 'GET',
		path: '/documents/:id',
		run({ ehr }, { params }) {
			const document = ehr.documents.find(({ id, state }) => id === params.id && state === 'done');
			// As documented: without the period that the other refusals have.
			if (!document) throw new Refusal(404, 'Document not found');
			const { filename, mimetype, bytes } = document;
			return new CustomResponse({
				status: 200,
				headers: {
					'content-type': mimetype,
					'content-disposition': attachment(filename),
				},
				body: bytes,
			});
		},
	}),
];
