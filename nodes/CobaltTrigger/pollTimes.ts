import { cronNodeOptions, type IDisplayOptions, type INodeProperties } from 'n8n-workflow';

/** Shows a field in one mode only. */
export const inMode = (
	mode: 'polling' | 'webhook',
	more: IDisplayOptions['show'] = {},
): IDisplayOptions => ({
	show: { mode: [mode], ...more },
});

/**
 * n8n's own field of this name would be shown in both modes. Its engine reads the parameter whenever a node has
 * a `poll()`, so there is one for each case, including a hidden one that means no polls. The editor keeps the
 * value when the mode changes, so the defaults are the same.
 */
function pollTimesField(
	displayName: string,
	description: string,
	displayOptions: IDisplayOptions,
): INodeProperties {
	return {
		displayName,
		name: 'pollTimes',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Time' },
		default: { item: [{ mode: 'everyMinute' }] },
		placeholder: 'Add Time',
		description,
		options: cronNodeOptions,
		displayOptions,
	};
}

/** *Poll Times*, once for each case. */
export const pollTimes: INodeProperties[] = [
	pollTimesField(
		'Poll Times',
		"When to check Cobalt's event log for new events",
		inMode('polling'),
	),
	pollTimesField(
		'Check for Missed Events',
		"When to check Cobalt's event log for events that were not delivered",
		inMode('webhook', { recoverMissedEvents: [true] }),
	),
	{
		displayName: 'Poll Times',
		name: 'pollTimes',
		type: 'hidden',
		default: { item: [] },
		displayOptions: inMode('webhook', { recoverMissedEvents: [false] }),
	},
];
