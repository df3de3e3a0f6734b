import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/**
 * Says in which timezone a time without an offset is read, as n8n's calendar nodes do: one of two notices,
 * depending on the option.
 *
 * @param show when, besides
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
