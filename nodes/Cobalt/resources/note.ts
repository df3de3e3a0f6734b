import { code } from '../../shared/parsers/id';
import { listOf } from '../../shared/parsers/list';
import { options, identifier, longText, required, text, formOnly } from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import type { Resource } from '../declarations/operation';
import { atLeastOneOf, when } from '../declarations/rules';

const structured = { format: ['structured'] };

const part = (key: string, displayName: string, placeholder: string) =>
	longText(`note.${key}`, displayName, { name: key, placeholder, show: structured });

const codes = (key: string, displayName: string, placeholder: string) =>
	text(key, displayName, {
		read: listOf(code),
		placeholder,
		description: `Comma-separated ${displayName.replace('Codes', 'codes')}`,
		show: structured,
	});

export const note: Resource = {
	value: 'note',
	name: 'Note',
	defaultOperation: 'create',
	operations: [
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create note',
			description:
				"Add a clinical note to an appointment in the EHR. It becomes part of the patient's chart.",
			method: 'POST',
			path: '/notes',
			fields: [
				required(
					identifier('appointment_id', 'Appointment ID', {
						placeholder: 'e.g. c5c0e613fc7d68a1c01ef4160483a0b6',
						description: 'The Cobalt ID (appointment_id) of the appointment that the note is about',
					}),
				),
				required(
					formOnly(
						options('format', 'Format', [
							{ name: 'Text', value: 'text' },
							{
								name: 'Structured',
								value: 'structured',
								description: 'With sections and codes. eClinicalWorks only.',
							},
						]),
					),
				),
				required(
					longText('note', 'Note', {
						placeholder: 'e.g. Patient seen for annual physical',
						show: { format: ['text'] },
					}),
				),
				part('subjective', 'Subjective', 'e.g. Reports mild headaches'),
				part('objective', 'Objective', 'e.g. BP 118/76'),
				part('assessment', 'Assessment', 'e.g. Tension headache'),
				part('plan', 'Plan', 'e.g. Hydration, follow up in two weeks'),
				codes('icd_10_codes', 'ICD-10 Codes', 'e.g. G44.209, Z00.00'),
				codes('cpt_codes', 'CPT Codes', 'e.g. 99213'),
			],
			rules: [
				when(
					'format',
					'structured',
					atLeastOneOf('note.subjective', 'note.objective', 'note.assessment', 'note.plan'),
				),
			],
			subject: ['appointment_id'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.slow,
			terminalEvents: { completed: ['note.uploaded', 'note.created'], failed: [] },
		},
	],
};
