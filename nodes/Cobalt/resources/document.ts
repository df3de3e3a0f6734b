import { file, identifier, longText, required, text, boolean } from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import type { Resource } from '../declarations/operation';
import { additionalFields, patientMrn } from './sharedFields';

export const document: Resource = {
	value: 'document',
	name: 'Document',
	defaultOperation: 'upload',
	operations: [
		{
			kind: 'download',
			value: 'download',
			name: 'Download',
			action: 'Download document',
			description: 'Download a referral document as a file',
			path: '/documents/{id}',
			fields: [
				required(
					identifier('id', 'Document ID', {
						name: 'documentId',
						placeholder: 'e.g. 0a1b2c3d4e5f60718293a4b5c6d7e8f9',
						description:
							"The document's Cobalt ID, one of the document_ids returned by 'Referral: Get Many'",
					}),
				),
			],
		},
		{
			kind: 'submission',
			value: 'upload',
			name: 'Upload',
			action: 'Upload document',
			description: "Upload a file to a patient's chart in the EHR. Creates a real document.",
			method: 'POST',
			path: '/documents',
			encoding: 'multipart',
			fields: [
				patientMrn(),
				file('document', 'Input Data Field Name', {
					name: 'binaryPropertyName',
					initially: 'data',
					placeholder: 'e.g. data',
					description: 'The name of the input field containing the file data to be uploaded',
				}),
				text('folder_name', 'Folder Name', {
					placeholder: 'e.g. Lab Results',
					description: 'The EHR folder to put the document in',
				}),
			].map(required),
			optional: additionalFields([
				identifier('emr_assigned_to_id', 'Assignee EHR User ID', {
					placeholder: 'e.g. 501',
					description: 'EHR user ID of the person to assign the document to',
				}),
				boolean('is_high_priority', 'High Priority', {
					description: 'Whether to mark the document as high priority',
				}),
				longText('notes', 'Notes', { placeholder: 'e.g. Sent in by the patient' }),
				boolean('is_reviewed', 'Reviewed', {
					description: 'Whether the document has already been reviewed',
				}),
			]),
			subject: ['patient_mrn', 'folder_name'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.slow,
			recordKey: 'document_id',
			terminalEvents: { completed: ['document.uploaded'], failed: ['document.upload_failed'] },
			eventData: ['mrn', 'folder_name'],
		},
	],
};
