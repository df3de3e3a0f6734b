import { tryToParseDateTime } from 'n8n-workflow';

const MINUTE_MS = 60_000;

const MINUTES_PER_DAY = 24 * 60;

/** The clocks and the calendar of one timezone. Times are epoch milliseconds. */
export class LocalTime {
	private readonly zone: { offset(ms: number): number };

	/**
	 * @param timezone IANA name
	 * @throws Error for a timezone that does not exist
	 */
	constructor(timezone: string) {
		({ zone: this.zone } = tryToParseDateTime('2000-01-01T00:00:00', timezone));
	}

	/** Minutes that the clocks are ahead of UTC. */
	offsetAt(ms: number): number {
		return this.zone.offset(ms);
	}

	/** What the clocks show, in minutes since midnight. Seconds are a fraction. */
	minuteOfDay(ms: number): number {
		const minute = (ms / MINUTE_MS + this.offsetAt(ms)) % MINUTES_PER_DAY;
		return minute < 0 ? minute + MINUTES_PER_DAY : minute;
	}

	/** As `YYYY-MM-DD`. */
	date(ms: number): string {
		return this.format(ms).slice(0, 'YYYY-MM-DD'.length);
	}

	/** From 1 (Monday) to 7 (Sunday). */
	weekday(ms: number): number {
		return new Date(ms + this.offsetAt(ms) * MINUTE_MS).getUTCDay() || 7;
	}

	/** As `YYYY-MM-DDTHH:mm:ss±HH:MM`, the form that Cobalt recommends for appointments. */
	format(ms: number): string {
		const offset = this.offsetAt(ms);
		const local = new Date(ms + offset * MINUTE_MS)
			.toISOString()
			.slice(0, 'YYYY-MM-DDTHH:mm:ss'.length);
		const [hours, minutes] = [Math.abs(offset) / 60, Math.abs(offset) % 60].map((part) =>
			String(Math.floor(part)).padStart(2, '0'),
		);
		return `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
	}
}
