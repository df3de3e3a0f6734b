import { DateTime, Interval } from 'luxon';

import { takesTime } from '../tasks/appointments.mts';
import type { Ehr, Provider, Shift } from '../world/ehr.mts';

interface Wanted {
	/** The first and the last day, YYYY-MM-DD. */
	from: string;
	to: string;
	/** EHR ids. */
	providers: string[] | undefined;
	locations: string[] | undefined;
}

/** The days from one to another. */
function daysOf({ from, to }: Wanted, zone: string): DateTime[] {
	const first = DateTime.fromISO(from, { zone });
	const count = Math.floor(DateTime.fromISO(to, { zone }).diff(first, 'days').days) + 1;
	return Array.from({ length: Math.max(count, 0) }, (_none, days) => first.plus({ days }));
}

/** The times when the provider is busy. */
function visitsOf({ appointments }: Ehr, { ehr_id }: Provider): Interval[] {
	return appointments
		.filter((visit) => takesTime(visit) && visit.provider_ehr_id === ehr_id)
		.map(({ datetime, duration }) =>
			Interval.after(DateTime.fromISO(datetime), { minutes: duration }),
		);
}

function windowsOf(ehr: Ehr, provider: Provider, wanted: Wanted) {
	const zone = provider.timezone;
	const visits = visitsOf(ehr, provider);
	const at = (date: DateTime, time: string) =>
		DateTime.fromISO(`${String(date.toISODate())}${time}`, { zone });
	const windows = (date: DateTime, { start, end, facility_id }: Shift) => {
		const facility = ehr.locations.find(({ id }) => id === facility_id);
		const shift = Interval.fromDateTimes(at(date, start), at(date, end));
		return shift.difference(...visits).map((free) => ({
			// Sunday is 0 here: the documents show only a Friday, which is 5 either way.
			day_of_week: date.weekday % 7,
			date: date.toISODate(),
			duration_string: free.toDuration().shiftTo('hours', 'minutes').toFormat("h'h'm'm'"),
			range_start: free.start?.toISO({ suppressMilliseconds: true }),
			range_end: free.end?.toISO({ suppressMilliseconds: true }),
			provider_id: provider.ehr_id,
			...(facility ? { facility_id: facility.ehr_id, facility_name: facility.name } : {}),
			provider_name: provider.name,
			timezone_abbr: date.offsetNameShort,
		}));
	};
	return daysOf(wanted, zone).flatMap((date) =>
		provider.hours
			.filter(({ day }) => day === date.setLocale('en-US').weekdayLong)
			.flatMap(({ shifts }) => shifts.flatMap((shift) => windows(date, shift))),
	);
}

/** The open times of providers: their shifts minus their visits. The parameters that shape the windows are accepted
 * and change nothing, since their effect was cut off in the documents. */
export function availability(ehr: Ehr, wanted: Wanted): object[] {
	const { providers, locations } = wanted;
	return ehr.providers
		.filter(({ status, hide_in_availability }) => status === 'active' && !hide_in_availability)
		.filter(({ ehr_id }) => providers?.includes(ehr_id) ?? true)
		.flatMap((provider) => windowsOf(ehr, provider, wanted))
		.filter(({ facility_id = '' }) => locations?.includes(facility_id) ?? true);
}
