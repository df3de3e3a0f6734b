const FIRST_START = Date.UTC(2025, 5, 2, 13);
const HOUR_MS = 3_600_000;

/** An appointment to book, in the fields of Cobalt's API. */
export type Booking = Record<'mrn' | 'datetime' | 'provider' | 'location' | 'type', string>;

/** An hour apart, so that none refuses another. */
export function bookings(count: number): Booking[] {
	return Array.from({ length: count }, (_, index) => {
		const start = new Date(FIRST_START + index * HOUR_MS).toISOString();
		return {
			mrn: '44235',
			// As Cobalt documents it: an offset, no milliseconds.
			datetime: start.replace('.000Z', '+00:00'),
			provider: '118',
			location: '2',
			type: 'follow_up',
		};
	});
}
