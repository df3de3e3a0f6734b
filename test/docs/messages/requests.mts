import { NO, SEE_BEGINNING, type MessageSection } from './entry.mts';

/** What a request to Cobalt may come back with. */
export const requests: MessageSection = {
	heading: 'What Cobalt responds',
	intro:
		'These follow a beginning that says whether anything was written: _… was not submitted_ (no), _… may or may not have reached Cobalt_ (not known), _Could not get the result of …_ (submitted), _… did not complete_ (a read). What Cobalt says itself is quoted after a colon.',
	entries: [
		{
			heading: 'EHR login expired',
			messages: [
				'The EHR login for this access token has expired',
				'The EHR login of these clinics has expired, reconnect it through Cobalt Link',
				'The keys are valid, but the EHR login for this access token has expired. Reconnect the EHR through Cobalt Link (update mode).',
			],
			meaning:
				'Your keys are valid, but Cobalt can no longer sign in to the EHR, for example because the password was changed there.',
			written: NO,
		},
		{
			heading: 'Keys rejected',
			messages: [
				'Cobalt rejected the keys',
				"Cobalt rejected the keys. Check 'Client ID', 'Client Secret' and 'Access Token'.",
			],
			meaning:
				'HTTP 401: a key is wrong or missing, or the access token belongs to another client or environment.',
			written: NO,
		},
		{
			messages: ['Cobalt does not allow this request'],
			meaning: 'HTTP 403: the keys are valid, but this account or EHR does not have the operation.',
			written: NO,
		},
		{
			messages: ['Cobalt did not find what was requested'],
			meaning: 'HTTP 404: there is no record with the ID, or it belongs to another clinic.',
			written: NO,
		},
		{
			messages: [
				'Cobalt rejected the request',
				'Cobalt rejected the request (HTTP …)',
				'Cobalt rejected the request without a reason',
				'Cobalt rejected the request without a reason (HTTP …)',
			],
			meaning:
				'Cobalt found a value missing or invalid. It says which one after the colon, if it says it.',
			written: NO,
			whatToDo:
				'Correct what Cobalt names. If it names nothing, check the fields of the operation, above all the required ones.',
		},
		{
			messages: ['Cobalt is limiting requests (HTTP 429)', 'Cobalt is limiting requests'],
			meaning:
				'There were more requests than Cobalt allows. The node has waited and tried again before it gave up.',
			written: NO,
			whatToDo: 'Try again later, with fewer items at once or a lower **Concurrency**.',
		},
		{
			messages: ['The file or a text is too large for Cobalt (HTTP 413)'],
			meaning: 'The request is larger than Cobalt accepts.',
			written: NO,
		},
		{
			messages: ['Cobalt could not process the request (HTTP …)'],
			meaning: 'A problem on Cobalt’s side (HTTP 500 and above).',
			written: SEE_BEGINNING,
		},
		{
			messages: [
				'Cobalt did not respond within …',
				'Cobalt is responding too slowly',
				'Cobalt stopped waiting for the request (HTTP 408)',
				'The connection to Cobalt was lost before a response arrived',
			],
			meaning: 'The request was sent, and no response arrived in time.',
			written: SEE_BEGINNING,
			whatToDo: 'Try a read again later. For a write, see [Outcome unknown](#outcome-unknown).',
		},
		{
			messages: [
				"Cobalt's response is empty (HTTP …)",
				"Cobalt's response is incomplete or not valid JSON (HTTP …)",
				"Cobalt's response has an unexpected format (HTTP …)",
				"Cobalt's response contradicts itself (HTTP …)",
				"Cobalt's response does not contain the requested data",
				"Cobalt's response does not confirm the request, and names no job",
			],
			meaning: 'Cobalt responded, but not as it documents.',
			written: SEE_BEGINNING,
			whatToDo: 'Try again later. If it keeps happening, contact Cobalt support.',
		},
		{
			messages: ['Cobalt did not return a file (HTTP …)'],
			meaning: 'The download of a document brought something else.',
			written: NO,
		},
		{
			messages: [
				'Cobalt returns the same page of this list again and again',
				'Cobalt returns the same page of its event log again and again',
			],
			meaning: 'The list has no end, so it cannot be read completely.',
			written: NO,
			whatToDo: 'Narrow the filters. If it keeps happening, contact Cobalt support.',
		},
		{
			messages: ['This list has more than … pages'],
			meaning: 'The list is too long to be read in one execution.',
			written: NO,
		},
		{
			messages: ["Cobalt's event log is not sorted as requested"],
			meaning: 'The trigger cannot follow a log without an order.',
			written: NO,
		},
		{
			messages: ['The request was canceled together with the execution'],
			meaning: 'The execution was stopped while the request was on its way.',
			written: SEE_BEGINNING,
			whatToDo: 'For a write, check the EHR.',
		},
	],
};
