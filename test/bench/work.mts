import { Random } from '../../tools/fake-cobalt/world/random.mts';

/** An appointment to book, in the fields of Cobalt's API, and how long the EHR takes for it. */
export interface Work {
	body: Record<'mrn' | 'datetime' | 'provider' | 'location' | 'type', string>;
	seconds: number;
}

/** Assumed. The longest stays well within the default timeout. */
const SECONDS = { median: 20, sigma: 0.67, shortest: 5, longest: 90 };

const FIRST_START = Date.UTC(2025, 5, 2, 13);
const HOUR_MS = 3_600_000;

/** The same jobs for the same seed; fewer are the first of more. An hour apart, none refuses another. */
export function workOf(seed: number, count: number): Work[] {
	const random = new Random(seed, 'bench');
	const { median, sigma, shortest, longest } = SECONDS;
	return Array.from({ length: count }, (_, index) => {
		const start = new Date(FIRST_START + index * HOUR_MS).toISOString();
		return {
			body: {
				mrn: '44235',
				// As Cobalt documents it: an offset, no milliseconds.
				datetime: start.replace('.000Z', '+00:00'),
				provider: '118',
				location: '2',
				type: 'follow_up',
			},
			seconds: Math.min(Math.max(random.logNormal(median, sigma), shortest), longest),
		};
	});
}
