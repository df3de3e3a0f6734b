import type { IDataObject } from 'n8n-workflow';

import { firstText } from '../../shared/json';
import { itemFailure, type ItemContext, type ItemFailure } from './itemFailure';

/** Fields by which a list may tell two patients apart, with their labels in n8n. */
const DISTINCTIONS: ReadonlyArray<[key: string, label: string]> = [
	['mrn', 'MRN'],
	['dob', 'Date of Birth'],
	['sex', 'Sex'],
	['phone', 'Phone'],
	['cell_phone', 'Cell Phone'],
	['email', 'Email'],
];

/** What to do when the node cannot tell which patient is meant. */
function advice({ afterFailure }: ItemContext): string {
	return afterFailure === 'agent'
		? 'Do not call this tool for this patient again. Ask a person which patient is meant.'
		: "Find out which patient is meant, and use that MRN. 'Patient: Get Many' with the date of birth lists them.";
}

/**
 * Several patients match, or one whose birth date is unknown. A person has to decide.
 *
 * @param matches as Cobalt's list returns them
 */
export function patientAmbiguous(
	itemContext: ItemContext,
	matches: readonly IDataObject[],
): ItemFailure {
	const differing = DISTINCTIONS.filter(
		([key]) => new Set(matches.map((record) => firstText(record[key]) ?? '')).size > 1,
	);
	const labels = differing.map(([, label]) => label).join(', ');
	const isOne = matches.length === 1;
	return itemFailure(
		itemContext,
		'not_submitted',
		{
			message: isOne
				? `${itemContext.title} found a patient of this name whose date of birth Cobalt does not show`
				: `${itemContext.title} found ${matches.length} patients who match`,
			description: [
				'No patient was created.',
				...(isOne
					? []
					: [
							labels === ''
								? 'Cobalt shows no difference between them.'
								: `They differ in: ${labels}.`,
						]),
				...(itemContext.afterFailure === 'continues' && !itemContext.isIdsOnly
					? ["Their MRNs are in 'details'."]
					: []),
				advice(itemContext),
			].join(' '),
		},
		matchDetails(
			matches,
			differing.map(([key]) => key),
		),
	);
}

/**
 * The EHR refused an existing patient, and Cobalt's list does not show exactly one match.
 *
 * @param namesakes patients with the same name and birth date, as Cobalt's list returns them
 * @param refused the failure of the submission
 */
export function duplicateNotFound(
	itemContext: ItemContext,
	namesakes: readonly IDataObject[],
	refused: ItemFailure,
): ItemFailure {
	return itemFailure(
		itemContext,
		String(refused.details.job_status),
		{
			message: `${itemContext.title} created no patient, because the EHR already has one like this`,
			description: [
				namesakes.length === 0
					? "Cobalt's list does not show that patient: it may lag behind the EHR, or the patient may have another name or date of birth there."
					: `Patients with this name and date of birth in Cobalt's list: ${namesakes.length}.`,
				advice(itemContext),
			].join(' '),
		},
		{ ...refused.details, ...matchDetails(namesakes, []) },
	);
}

function matchDetails(matches: readonly IDataObject[], differing: string[]): IDataObject {
	return {
		matching_patients: matches.length,
		matching_mrns: matches.flatMap(({ mrn }) => firstText(mrn) ?? []),
		...(differing.length > 0 && { differing_fields: differing }),
	};
}

/** Another item or execution submitted the same patient, and it is unknown whether Cobalt accepted it. */
export const SUBMITTED_BY_OTHER =
	'another item or execution has submitted this patient, and its outcome is unknown';
