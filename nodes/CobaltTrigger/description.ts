import { type INodeProperties, type INodePropertyOptions } from 'n8n-workflow';

import { authentication } from '../shared/description/authentication';
import { output, outputFields } from '../shared/description/output';
import { eventTypes, type EventType } from '../shared/events/eventTypes';
import { inMode, pollTimes } from './pollTimes';
import { EVENT_CHOICE, MAX_EVENTS_PER_RUN } from './settings';

const mode: INodeProperties = {
	displayName: 'Receive Events By',
	name: 'mode',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Polling',
			value: 'polling',
			description: "Check Cobalt's event log on a schedule. Works on every n8n instance.",
		},
		{
			name: 'Webhook',
			value: 'webhook',
			description:
				'Receive events as soon as they happen. Needs an n8n instance with a public HTTPS URL.',
		},
	],
	default: 'polling',
	description: 'How the workflow receives events',
};

/** The label among the triggers in n8n's node panel: 'EHR Login Expired' → 'On EHR login expired'. */
function actionOf({ name }: EventType): string {
	return `On ${name.replace(/[A-Z][a-z]+/g, (word) => word.toLowerCase())}`;
}

const choices: INodePropertyOptions[] = [
	...eventTypes.map((eventType) => ({ ...eventType, action: actionOf(eventType) })),
	{
		name: 'All Events',
		value: EVENT_CHOICE.all,
		description: 'Every event, including types that Cobalt adds later',
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
		description: 'Event types that are not in this list, entered by name',
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

const eventLabels = Object.fromEntries(choices.map(({ value, name }) => [value, name]));

/** Expression for the names of the chosen events, as shown below the node's name. */
export const eventNames = `={{ $parameter["events"].map((event) => (${JSON.stringify(eventLabels)})[event] ?? event).join(", ") }}`;

const otherEventTypes: INodeProperties = {
	displayName: 'Other Event Types',
	name: 'otherEventTypes',
	type: 'string',
	default: '',
	placeholder: 'e.g. claim.created, message.created',
	description:
		"Comma-separated event types, as Cobalt writes them. 'Webhook Event: Get Many' shows the types that your account receives.",
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
			description: 'Events from both. A workflow that writes to the EHR may trigger itself.',
		},
		{
			name: 'Cobalt Operations',
			value: 'cobalt_operation',
			description:
				'Changes made through Cobalt, by this or another workflow. These events have a job ID.',
		},
		{
			name: 'Clinic Staff',
			value: 'ehr_staff',
			description: 'Changes made directly in the EHR. These events have no job ID.',
		},
	],
	default: 'any',
	description: 'Who caused the event. Account events (login, password) are always included.',
};

/** Account events, which no operation causes (docs/api-notes.md, "What the documents do not say"). */
const isOfAccount = ({ value }: INodePropertyOptions) => String(value).startsWith('access_token.');

const loopNotice: INodeProperties = {
	displayName:
		"The selected events also come from operations of the Cobalt node. If this workflow writes to the EHR, it can start itself again without end. With 'Clinic Staff' as 'Source', it does not start for what is done through Cobalt.",
	name: 'loopNotice',
	type: 'notice',
	default: '',
	displayOptions: {
		show: {
			source: ['any'],
			events: choices.filter((choice) => !isOfAccount(choice)).map(({ value }) => value),
		},
	},
};

const registration: INodeProperties = {
	displayName: 'Webhook Registration',
	name: 'registration',
	type: 'options',
	options: [
		{
			name: 'Automatic',
			value: 'automatic',
			description:
				'Register the URL when the workflow is published, and delete it when it is unpublished',
		},
		{
			name: 'Manual',
			value: 'manual',
			description: 'For accounts that cannot register webhooks through the API',
		},
	],
	default: 'automatic',
	description: "How Cobalt learns this webhook's URL",
	displayOptions: inMode('webhook'),
};

const manualNotice: INodeProperties = {
	displayName:
		"Copy the production URL from 'Webhook URLs' above and give it to Cobalt, in your dashboard or through your Cobalt contact. Then enter the secret you receive as 'Webhook Secret' in the credential.",
	name: 'manualNotice',
	type: 'notice',
	default: '',
	displayOptions: inMode('webhook', { registration: ['manual'] }),
};

const recoverMissedEvents: INodeProperties = {
	displayName: 'Recover Missed Events',
	name: 'recoverMissedEvents',
	type: 'boolean',
	default: true,
	description:
		'Whether to check regularly for events that Cobalt could not deliver, for example while n8n was down, and start the workflow for them',
	displayOptions: inMode('webhook'),
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Changed Fields',
			name: 'changedFields',
			type: 'string',
			default: '',
			placeholder: 'e.g. phone, email',
			description:
				'Only trigger when one of these fields changed. Comma-separated. Events that do not list their changes are skipped.',
		},
		{
			displayName: 'Clinics',
			name: 'clinics',
			type: 'string',
			default: '',
			placeholder: 'e.g. clinic_1, clinic_2',
			description:
				'Only trigger for these clinics. Comma-separated access token reference IDs (access_token_reference_id); put one that has a comma in double quotes.',
		},
		{
			displayName: 'Events per Run',
			name: 'eventsPerRun',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: MAX_EVENTS_PER_RUN },
			default: 1000,
			description: 'Max number of events per execution. Any others follow in the next poll.',
		},
		{
			displayName: 'Overlap (Minutes)',
			name: 'overlap',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 1440 },
			default: 10,
			description:
				'How far back to read the event log again on each poll, to catch events that appear late. Events are not repeated.',
		},
		{
			displayName: 'Start From',
			name: 'startFrom',
			type: 'string',
			default: '',
			placeholder: 'e.g. 2025-03-15 or 2025-03-15T09:00:00-05:00',
			description:
				"Start with events from this date when the workflow is first published. If empty, only new events trigger the workflow. Without an offset, it is read in the workflow's timezone. With webhooks, applies to missed events only.",
		},
	],
};

const fieldsToOutput: INodeProperties = {
	...outputFields,
	type: 'string',
	default: '',
	placeholder: 'e.g. mrn, datetime, updated_fields',
	description:
		"Comma-separated names, as in a simplified item. A field that an event does not have is null. The event's type, ID and clinic are always there.",
};

/** All properties of the trigger node. */
export function triggerProperties(): INodeProperties[] {
	return [
		authentication,
		mode,
		events,
		otherEventTypes,
		source,
		loopNotice,
		registration,
		manualNotice,
		recoverMissedEvents,
		...pollTimes,
		output,
		fieldsToOutput,
		options,
	];
}
