import { wholeNumber } from '../../shared/parsers/number';
import { timezoneName } from '../../shared/parsers/timezone';
import { formOnly, multiOptions, number, options, text, type Field } from '../declarations/field';
import { timeOfDay } from '../parsers/timeOfDay';
import { WEEKDAYS } from '../slots/findSlots';

/** Fields for the slots to find. The node computes the slots itself, so none of these fields is sent. */

const minutesUpToADay = wholeNumber(0, 24 * 60);

const minutesOfASlot = wholeNumber(1, 24 * 60);

export const slotDuration = formOnly(
	number('duration', 'Duration (Minutes)', {
		initially: 30,
		read: minutesOfASlot,
		description: 'Length of the appointment',
	}),
);

/** When slots may be. */
export const slotHours: Field[] = [
	multiOptions(
		'weekdays',
		'Days of Week',
		[...WEEKDAYS]
			.sort()
			.map((value) => ({ name: value.charAt(0).toUpperCase() + value.slice(1), value })),
	),
	text('hours_from', 'Hours From', {
		placeholder: 'e.g. 09:00',
		read: timeOfDay,
		description: "The earliest time of day at which a slot starts, in the clinic's timezone",
	}),
	text('hours_to', 'Hours To', {
		placeholder: 'e.g. 17:00',
		read: timeOfDay,
		description: "The latest time of day at which a slot ends, in the clinic's timezone",
	}),
].map(formOnly);

/** Where in a window slots start. */
export const slotGrid: Field[] = [
	options(
		'counted_from',
		'Count Interval From',
		[
			{
				name: 'Midnight',
				value: 'midnight',
				description: 'Round times: with an interval of 15 minutes :00, :15, :30 and :45',
			},
			{
				name: 'Start of Window',
				value: 'window',
				description: 'From the time when the provider becomes free',
			},
		],
		{ initially: 'midnight', description: "Default: 'Start of Window'" },
	),
	number('free_after', 'Free Time After (Minutes)', {
		initially: 10,
		read: minutesUpToADay,
		description: 'Minutes that must stay free in the window after a slot',
	}),
	number('free_before', 'Free Time Before (Minutes)', {
		initially: 10,
		read: minutesUpToADay,
		description: 'Minutes that must stay free in the window before a slot',
	}),
	number('notice', 'Minimum Notice (Minutes)', {
		initially: 60,
		read: wholeNumber(0, 366 * 24 * 60),
		description:
			'How long from now the earliest slot may start. Slots in the past are never returned.',
	}),
	number('interval', 'Slot Interval (Minutes)', {
		initially: 15,
		read: minutesOfASlot,
		description:
			"Minutes from the start of one slot to the next. If empty, 'Duration (Minutes)' is used. Slots of a shorter interval overlap: book only one of them.",
	}),
	text('timezone', 'Timezone', {
		placeholder: 'e.g. America/New_York',
		read: timezoneName,
		description:
			"The timezone of the dates, days, hours and slots. If empty, the clinic's timezone is used, as Cobalt returns it.",
	}),
].map(formOnly);
