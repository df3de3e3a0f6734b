import { NO, type MessageSection } from './entry.mts';

const NOTHING = 'No. The trigger only reads.';

/** What only the trigger says, in the editor and in n8n's log. */
export const trigger: MessageSection = {
	heading: 'Cobalt Trigger',
	intro: 'Messages that begin with `Cobalt:` are lines of n8n’s log. They contain no patient data.',
	entries: [
		{
			messages: ['No recent event matches this trigger'],
			meaning: 'The event log has no event that passes the filters of the trigger.',
			written: NOTHING,
		},
		{
			messages: ['Cobalt cannot reach …: …'],
			meaning: 'Cobalt delivers webhooks over the Internet, and only with TLS.',
			written: NO,
		},
		{
			messages: ['Cobalt registered the webhook, but did not return its …'],
			meaning:
				'Without the ID, the webhook could not be deleted; without the secret, no delivery could be verified.',
			written: 'The webhook may be registered in Cobalt.',
			whatToDo:
				'Ask Cobalt for what is missing, set _Webhook Registration_ to _Manual_ and enter the secret in the credential, or set _Receive Events By_ to _Polling_.',
		},
		{
			messages: ["'Webhook Secret' in the Cobalt credential is empty"],
			meaning:
				'With manual registration, the secret is the only proof that a delivery comes from Cobalt.',
			written: NO,
		},
		{
			messages: [
				"The webhook was not registered, because 'Read-Only' in the Cobalt credential is on",
			],
			meaning: 'To register a webhook is a write.',
			written: NO,
		},
		{
			messages: ["'Clinics' names none of the clinics in the Cobalt credential"],
			meaning: 'The filter would let no event through.',
			written: NOTHING,
		},
		{
			messages: [
				"Cobalt: rejected a webhook delivery to the workflow '…' (ID …, HTTP …): …",
				'Unreadable body',
				'Invalid signature',
				'Not a Cobalt event',
				'The event could not be processed',
			],
			heading: 'A webhook delivery was rejected',
			meaning:
				'The body was broken (HTTP 400), the signature was not that of Cobalt (401), or n8n could not process the event (500). The sender gets the short text, the log also names the workflow.',
			written: 'No. No execution was started.',
			whatToDo:
				'If Cobalt’s own deliveries are rejected as _Invalid signature_, check _Webhook Secret_ in the credential, or publish the workflow again. **Recover Missed Events** makes up for deliveries that failed.',
		},
		{
			messages: [
				'A run may have several items: one for each event since the last check. Make sure that the workflow can handle several items.',
			],
			heading: 'A run may have several items',
			meaning: 'A hint below the output of the trigger.',
			written: NOTHING,
			whatToDo: 'Test the workflow with several items.',
		},
		{
			messages: ["Cobalt: this webhook may still be registered. Check with 'Webhook: Get Many'."],
			meaning: 'Publishing failed, and it is not known whether Cobalt registered the webhook.',
			written: 'The webhook may be registered in Cobalt.',
			whatToDo: 'Check with _Webhook: Get Many_, and delete it if no workflow uses it.',
		},
		{
			messages: [
				"Cobalt: this webhook has moved to …. Its old URL … is still registered in Cobalt and receives every event. If no other n8n uses it, delete it with 'Webhook: Delete' (ID …).",
			],
			heading: 'Cobalt: this webhook has moved to …',
			meaning:
				'The URL of this n8n has changed. Another n8n may still use the old one, so it was left alone.',
			written: 'The new URL was registered in Cobalt.',
			whatToDo: 'If no other n8n uses the old URL, delete it with _Webhook: Delete_.',
		},
		{
			messages: ["Cobalt: the test event could not be sent to n8n's test URL"],
			meaning: 'Only while testing in the editor: n8n cannot reach itself at its own URL.',
			written: NO,
			whatToDo: 'Wait for a real event, or use _Polling_ while you build the workflow.',
		},
	],
};
