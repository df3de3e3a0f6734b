import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/**
 * Notices about the timezone of times without an offset, as in n8n's calendar nodes: one of the two is shown,
 * depending on the option.
 *
 * @param show further conditions
 */
export function timezoneNotices(show: IDisplayOptions['show'] = {}): INodeProperties[] {
	const isClinicChosen = { '/options.timesWithoutOffset': ['clinic'] };
	return [
		{
			displayName:
				"A time without an offset is read in the timezone of this workflow's settings. To read it in the clinic's timezone, add the option 'Read Times Without Offset In'.",
			name: 'workflowTimezoneNotice',
			type: 'notice',
			default: '',
			displayOptions: { show, hide: isClinicChosen },
		},
		{
			displayName: "A time without an offset is read in the clinic's timezone",
			name: 'clinicTimezoneNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { ...show, ...isClinicChosen } },
		},
	];
}
