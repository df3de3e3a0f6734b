import { NO, type MessageSection } from './entry.mts';

/** The node itself. */
export const node: MessageSection = {
	heading: 'The node itself',
	intro: 'What is left.',
	entries: [
		{
			messages: ["Choose a 'Resource' and an 'Operation' from their lists"],
			meaning: 'An expression gives an unknown operation, or n8n’s _Custom API Call_ is selected.',
			written: NO,
		},
		{
			messages: ["Choose a 'Clinic' first to see its list"],
			meaning:
				'The credential has several clinics, and each has its own providers, locations and so on.',
			written: NO,
		},
		{
			messages: ['A file of this item cannot be read'],
			meaning: 'n8n no longer has the file, or could not open it.',
			written: NO,
		},
		{
			messages: ['An ID contains characters that no ID can have'],
			meaning: 'An ID is empty, or contains an invisible or invalid character.',
			written: NO,
		},
		{
			messages: ['something unexpected happened in the node (…)'],
			heading: 'Something unexpected happened in the node',
			meaning:
				'A bug. The code in brackets says what kind of error it was and where, without patient data.',
			written: 'A read: no. A write: not known, check the EHR.',
			whatToDo:
				'Report it with the code in brackets, the n8n version and the operation, at the address in the description. Leave out patient data and keys.',
		},
	],
};
