import { NO, type MessageSection } from './entry.mts';

const GET_RESULT = "Get the result later with _Job: Get Result_. Don't submit the item again.";

/** What happens to items that are submitted, and to their jobs. */
export const writes: MessageSection = {
	heading: 'Writes and their jobs',
	intro:
		'The operation in these messages is the one that you chose; here it is _Appointment: Create_. The number in brackets at the end (`[item 0]`) is that of the item, counted from 0. What the error output has beside the message is in `details`: `job_status`, the IDs, the description.',
	entries: [
		{
			heading: 'Job failed',
			messages: [
				'Appointment: Create failed in the EHR: …',
				'Appointment: Create failed in the EHR: Cobalt lists the record with a failed status',
			],
			meaning:
				'Cobalt accepted the request, and the EHR rejected it. The reason is in the EHR’s words, and its codes are in the description. If the response was lost, the record in Cobalt’s list shows it.',
			written: 'No. Cobalt confirmed that the job failed.',
			whatToDo:
				'Correct the data and submit it again. If a field of the node is wrong, save it and use _Retry with currently saved workflow_ in the _Executions_ tab: only items that failed are submitted again. If the item is wrong, run the workflow again with this item only.',
		},
		{
			messages: ['Appointment: Create seems to have failed in the EHR: …'],
			meaning:
				'The event that ended the job looks like a failure, but is not one that Cobalt documents.',
			written: 'Probably not, but it is not certain.',
			whatToDo:
				'Check the EHR before you submit it again. _Retry_ does not submit it, because it may be there.',
		},
		{
			heading: 'Still pending',
			messages: [
				'Appointment: Create is still pending after … seconds',
				"… of … jobs are still pending. They keep running in the EHR, so do not submit them again. Get their results later with 'Job: Get Result'.",
			],
			meaning:
				'The timeout was over before the EHR was done. The job keeps running. It is an error only if _On Timeout_ is set to stop with one; otherwise the item has `job_status: pending`, and the hint counts such items.',
			written: 'Not yet known: the EHR may still finish it.',
			whatToDo: `${GET_RESULT} For long jobs, turn off _Wait for Result_ and put n8n’s _Wait_ node in between.`,
		},
		{
			heading: 'Outcome unknown',
			messages: [
				'Appointment: Create may or may not have reached Cobalt: …',
				'The execution was canceled before Cobalt confirmed Appointment: Create: …',
			],
			meaning:
				'The connection was lost, or the execution was interrupted, before Cobalt confirmed the request. The end of the message says which.',
			written: 'Unknown. Check the EHR.',
			whatToDo:
				'Check the EHR. Only if it is not there, run the workflow again with this item only. To prevent duplicates, neither the node nor _Retry_ submits it again. For appointments, **If Cobalt’s Response Is Lost: Search for the Appointment** does this check for you.',
		},
		{
			heading: 'Not submitted',
			messages: ['Appointment: Create was not submitted: …'],
			meaning:
				'Cobalt rejected the request, or it never reached Cobalt. The end of the message says why: look for it below.',
			written: NO,
			whatToDo: 'Remove the cause. _Retry_ submits the item.',
		},
		{
			messages: ['Could not get the result of Appointment: Create: …'],
			meaning:
				'The job was started, but requests for its result fail. The end of the message says why.',
			written: 'Submitted. Whether the EHR has finished it is not known yet.',
			whatToDo: GET_RESULT,
		},
		{
			messages: ['Appointment: Create did not complete: …'],
			meaning: 'A read failed. The end of the message says why: look for it below.',
			written: 'No. It only reads.',
			whatToDo: 'Remove the cause and run it again.',
		},
		{
			messages: ['The execution was canceled before Appointment: Create was submitted'],
			meaning: 'The execution was stopped before the turn of this item.',
			written: NO,
			whatToDo: 'Run it again, if it is still wanted.',
		},
		{
			messages: ['The execution was canceled before Appointment: Create was finished'],
			meaning: 'The execution was stopped while the node was waiting for the job, or reading.',
			written: 'A read: no. A job: it keeps running in the EHR.',
			whatToDo: GET_RESULT,
		},
		{
			messages: [
				'Appointment: Create may already have been submitted in this execution with other contents',
			],
			meaning:
				'An earlier attempt of this execution submitted an item that has changed or disappeared since. This item may be the changed one.',
			written: 'By the earlier attempt: perhaps. Now: no.',
			whatToDo:
				'Check the EHR. To submit the item as it is now, run the workflow again with this item only.',
		},
		{
			messages: [
				'Appointment: Create was already submitted in this execution with another access token',
			],
			meaning: 'The credential was changed after an earlier attempt that submitted this item.',
			written: 'By the earlier attempt: yes, or perhaps. Now: no.',
			whatToDo: 'Use the earlier credential again, or check the EHR.',
		},
		{
			messages: [
				'Appointment: Create was not submitted, because this execution has run another operation for this item',
			],
			meaning: 'The resource or the operation of the node was changed after an earlier attempt.',
			written: 'By the earlier attempt: perhaps. Now: no.',
			whatToDo: 'Run the workflow again with this item only.',
		},
		{
			messages: ["Appointment: Create was not submitted, because n8n's database did not respond"],
			meaning:
				'In a retry, the node asks n8n’s table of processed data whether another retry has submitted the item already. There was no response.',
			written: 'By this retry: no. By another one: perhaps.',
		},
		{
			messages: ['Cobalt returned no job_id for … of … items. Check their results in the EHR.'],
			meaning: 'Cobalt accepted the items, but named no job whose result could be read.',
			written: 'Submitted. The EHR shows whether it is there.',
			whatToDo: 'Check the EHR.',
		},
		{
			messages: [
				'… of … items were found in Cobalt after its response was lost. They were not submitted again.',
			],
			meaning:
				'A hint: the response was lost, and the search (**If Cobalt’s Response Is Lost**) found the record.',
			written: 'Yes, once.',
			whatToDo: 'Nothing.',
		},
		{
			heading: 'Times without an offset were read in …',
			messages: [
				"Times without an offset were read in …, and the clinic is in …: … of … items. Check their hours in the EHR. Add the offset to the times, or choose another timezone in 'Read Times Without Offset In' under 'Options'.",
			],
			meaning:
				'A hint: the workflow and the clinic are in different timezones, and the times of some items have no offset. They may be hours off.',
			written: 'Yes, at the time that the workflow’s timezone gives.',
			whatToDo:
				'Check the hours in the EHR. Add the offset to the times, or choose another timezone in **Read Times Without Offset In**.',
		},
		{
			messages: ['Validate Only: … of … items were checked, and nothing was submitted for them.'],
			meaning: 'A hint: the option **Validate Only** is on.',
			written: NO,
			whatToDo: 'Remove the option to submit the items.',
		},
		{
			messages: [
				'Waited for … jobs with … requests.',
				'Waited for … jobs with … requests. Of these, … also served other executions.',
			],
			meaning: 'A hint that the option **Show Request Count** asks for.',
			written: 'Says nothing about it.',
			whatToDo: 'Nothing.',
		},
	],
};
