import { type INodeProperties, type INodePropertyOptions } from 'n8n-workflow';

import { simplify } from '../shared/description/simplify';
import { eventTypes, type EventType } from '../shared/events/eventTypes';
import { inMode, pollTimes } from './pollTimes';
import { EVENT_CHOICE, MAX_EVENTS_PER_RUN } from './settings';

const mode: INodeProperties = {
	displayName: 'Mode',
	name: 'mode',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Polling',
			value: 'polling',
			description: "Look at Cobalt's event log on a schedule. Works in every n8n.",
		},
		{
			name: 'Webhook',
			value: 'webhook',
			description:
				'Have Cobalt call n8n as soon as something happens. This n8n needs a public https address.',
		},
	],
	default: 'polling',
	description: 'How n8n learns of events',
};

/** The label among the triggers in n8n's node panel: 'EHR: Patient Updated' → 'On patient updated'. */
function actionOf({ name }: EventType): string {
	return `On ${name.replace(/^.*: /, '').toLowerCase()}`;
}

const choices: INodePropertyOptions[] = [
	...eventTypes.map((eventType) => ({ ...eventType, action: actionOf(eventType) })),
	{
		name: 'All Events',
		value: EVENT_CHOICE.all,
		description: 'Everything that Cobalt tells, also what it may tell one day',
		action: 'On any event',
	},
	{
		name: 'Job Finished',
		value: EVENT_CHOICE.jobFinished,
		description:
			"Any job has succeeded or failed, as 'job_status' in the item says: the result of an operation whose 'Wait for Result' is off",
		action: 'On job finished',
	},
	{
		name: 'Other',
		value: EVENT_CHOICE.other,
		description: 'Event types that are not in this list, by their names',
		action: 'On event of another type',
	},
];

const events: INodeProperties = {
	displayName: 'Trigger On',
	name: 'events',
	type: 'multiOptions',
	required: true,
	options: choices.sort((one, other) =>
		one.name.localeCompare(other.name, 'en', { sensitivity: 'base' }),
	),
	default: [],
};

const otherEventTypes: INodeProperties = {
	displayName: 'Other Event Types',
	name: 'otherEventTypes',
	type: 'string',
	default: '',
	placeholder: 'e.g. claim.created, message.created',
	description:
		"Event types as Cobalt writes them, with commas between. 'Webhook Event: Get Many' shows those of your account.",
	displayOptions: { show: { events: [EVENT_CHOICE.other] } },
};

const source: INodeProperties = {
	displayName: 'Source',
	name: 'source',
	type: 'options',
	options: [
		{
			name: 'Any',
			value: 'any',
			description: 'Whoever it was. Mind that a workflow may so react to what it did itself.',
		},
		{
			name: 'Cobalt Operations',
			value: 'cobalt_operation',
			description:
				'What was submitted through Cobalt, by a workflow or elsewhere: these events have a job ID',
		},
		{
			name: 'EHR Staff',
			value: 'ehr_staff',
			description: 'What was changed in the EHR itself: these events have no job ID',
		},
	],
	default: 'any',
	description:
		'Who made it happen. Events of the account (login, password) come with each of these choices.',
};

const registration: INodeProperties = {
	displayName: 'Registration',
	name: 'registration',
	type: 'options',
	options: [
		{
			name: 'Automatic',
			value: 'automatic',
			description:
				'When the workflow is published, n8n registers its address at Cobalt; when it is unpublished, n8n removes it',
		},
		{
			name: 'By Hand',
			value: 'byHand',
			description: 'For an account that may not register webhooks through the API',
		},
	],
	default: 'automatic',
	description: 'How Cobalt gets to know the address of this webhook',
	displayOptions: inMode('webhook'),
};

const byHandNotice: INodeProperties = {
	displayName:
		"Give Cobalt the Production URL from 'Webhook URLs' above, in your dashboard or through your representative. Then enter the secret that you get for it in the credential, as 'Webhook Secret'.",
	name: 'byHandNotice',
	type: 'notice',
	default: '',
	displayOptions: inMode('webhook', { registration: ['byHand'] }),
};

const recoverMissedEvents: INodeProperties = {
	displayName: 'Recover Missed Events',
	name: 'recoverMissedEvents',
	type: 'boolean',
	default: true,
	description:
		'Whether to look from time to time for events that Cobalt could not deliver, for example while n8n was not running, and to start the workflow for them',
	displayOptions: inMode('webhook'),
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Changed Fields',
			name: 'changedFields',
			type: 'string',
			default: '',
			placeholder: 'e.g. phone, email',
			description:
				'Only events in which one of these fields changed, with commas between. Events that do not say what changed are left out.',
		},
		{
			displayName: 'Clinics',
			name: 'clinics',
			type: 'string',
			default: '',
			placeholder: 'e.g. clinic_1, clinic_2',
			description:
				'Only events of these clinics, by access_token_reference_id: your own name for an access token. With commas between; put a name that has a comma in double quotes.',
		},
		{
			displayName: 'Events per Run',
			name: 'eventsPerRun',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: MAX_EVENTS_PER_RUN },
			default: 1000,
			description:
				"How many events of Cobalt's log one run gets at most. When there are more, the next look goes on with them.",
		},
		{
			displayName: 'Overlap (Minutes)',
			name: 'overlap',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 1440 },
			default: 10,
			description:
				"How late an event may appear in Cobalt's log without being missed. That part of the log is read again each time; what was told before is not told again.",
		},
		{
			displayName: 'Start From',
			name: 'startFrom',
			type: 'string',
			default: '',
			placeholder: 'e.g. 2025-03-15 or 2025-03-15T09:00:00-05:00',
			description:
				"Where in Cobalt's log to begin when the workflow is published for the first time. Without it, with what happens from then on. In the mode Webhook, this is about missed events alone.",
		},
	],
};

/** All properties of the trigger node. */
export function triggerProperties(): INodeProperties[] {
	return [
		mode,
		events,
		otherEventTypes,
		source,
		registration,
		byHandNotice,
		recoverMissedEvents,
		...pollTimes,
		simplify,
		options,
	];
}
