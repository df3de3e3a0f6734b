import { Random } from '../../../tools/fake-cobalt/world/random.mts';
import { bookings, type Booking } from '../bookings.mts';

/** An appointment to book, in the fields of Cobalt's API, and how long the EHR takes for it. */
export interface Work {
	body: Booking;
	seconds: number;
}

/** Assumed. The longest stays well within the default timeout. */
const SECONDS = { median: 20, sigma: 0.67, shortest: 5, longest: 90 };

/** The same jobs for the same seed; fewer are the first of more. */
export function workOf(seed: number, count: number): Work[] {
	const random = new Random(seed, 'bench');
	const { median, sigma, shortest, longest } = SECONDS;
	return bookings(count).map((body) => ({
		body,
		seconds: Math.min(Math.max(random.logNormal(median, sigma), shortest), longest),
	}));
}
