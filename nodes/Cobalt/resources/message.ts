import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import { longText, required, text } from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import type { Resource } from '../declarations/operation';
import { provider } from './sharedFields';

export const message: Resource = {
	value: 'message',
	name: 'Message',
	defaultOperation: 'create',
	operations: [
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create message',
			description:
				'Send a message to a provider inside the EHR. It is a real message that the provider gets.',
			method: 'POST',
			path: '/messages',
			fields: [
				provider('provider', 'Provider', 'The recipient of the message'),
				text('subject', 'Subject', { placeholder: 'e.g. Refill request' }),
				longText('message', 'Message', { placeholder: 'e.g. The patient asks for a call back' }),
			].map(required),
			subject: ['subject', 'provider'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'message_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
	],
};
