import { NO, type MessageSection } from './entry.mts';

/** Records that must be there once. */
export const patients: MessageSection = {
	heading: 'Finding one patient or record',
	intro:
		'_Patient: Find or Create_, _Patient: Get_ and fields with a choice like _By MRN_ need exactly one record.',
	entries: [
		{
			heading: 'Duplicate patient',
			messages: [
				'Appointment: Create created no patient, because the EHR already has one like this',
			],
			meaning:
				'The EHR rejected the new patient as a duplicate, but Cobalt’s list does not show exactly one who matches: it may lag behind the EHR, or the patient has another name or date of birth there.',
			written: NO,
			whatToDo:
				'Find the patient in the EHR, and use that MRN. _Patient: Get Many_ with the date of birth lists those that Cobalt knows.',
		},
		{
			messages: [
				'Appointment: Create found … patients who match',
				'Appointment: Create found a patient of this name whose date of birth Cobalt does not show',
			],
			meaning: 'The node cannot tell which patient is meant, so a person has to decide.',
			written: NO,
			whatToDo:
				'Find out which patient is meant, and use that MRN. In the error output, `details` has the MRNs.',
		},
		{
			messages: ["Cobalt's copy of the EHR has no … with this …"],
			meaning: 'No record in Cobalt’s list has this MRN or ID.',
			written: NO,
			whatToDo:
				'Check the ID. A record that was created in the EHR a short time ago may not be in Cobalt’s copy yet.',
		},
		{
			messages: ["Cobalt's copy of the EHR has … …s with this …, but exactly one is needed"],
			meaning: 'Several records have this MRN or ID.',
			written: NO,
		},
		{
			messages: ['Cobalt lists … or more …s for this …, but exactly one is needed'],
			meaning: 'The list that Cobalt returned seems not to be filtered by the ID.',
			written: NO,
		},
		{
			messages: ["Cobalt's list of …s does not show the Cobalt ID of this …"],
			meaning: 'The record was found, but without the ID that the update needs.',
			written: NO,
			whatToDo: 'Enter the Cobalt ID itself. The operation that created the record returned it.',
		},
		{
			messages: ["Cobalt's list is not complete: …"],
			meaning:
				'The list contradicts itself or changes while it is read, so it does not prove that somebody is not there.',
			written: NO,
		},
		{
			messages: ["Cobalt did not say what the clinic's timezone is"],
			meaning:
				'_Availability: Find Slots_ needs the timezone of the clinic, and Cobalt’s response does not have it.',
			written: NO,
		},
		{
			messages: ['Slots may be missing: Cobalt does not clearly say when … of … open times are.'],
			meaning:
				'A hint of _Availability: Find Slots_. An open time has no start or end that can be read, or one without an offset where Cobalt does not name the clinic’s timezone. No slots are made of it, because their hour would be a guess.',
			written: NO,
			whatToDo:
				'The slots that are there can be booked. _Availability: Get Many_ with the output _Raw_ shows what Cobalt says; ask Cobalt support about it.',
		},
	],
};
