import { randomUUID } from 'node:crypto';

import type { Appointment, Cobalt, LoggedRequest } from '../../../tools/fake-cobalt/index.mts';

/** What a booking desk takes. */
export interface Booking {
	readonly mrn: string;
	readonly datetime: string;
}

/** What happens at the clinic, and what has come of it. */
export class Clinic {
	private hoursTaken = 0;

	constructor(private readonly cobalt: Cobalt) {}

	/** So many bookings, at times that nobody had before. */
	bookings(count: number): Booking[] {
		return Array.from({ length: count }, () => this.booking());
	}

	/** For each booking, the appointments that Cobalt has for it. */
	made(bookings: readonly Booking[]): Appointment[][] {
		const all = this.cobalt.world.appointments();
		const wanted = bookings.map(({ datetime }) => Date.parse(datetime));
		const found = new Map(wanted.map((moment): [number, Appointment[]] => [moment, []]));
		for (const one of all) found.get(Date.parse(one.datetime))?.push(one);
		return [...found.values()];
	}

	/** How often Cobalt was asked to make each of these bookings. */
	submissions(bookings: readonly Booking[]): number[] {
		const asked = this.cobalt.world
			.requests({ method: 'POST', path: '/appointments' })
			.map(({ body }) => Date.parse((body as Booking).datetime));
		return bookings.map(
			({ datetime }) => asked.filter((moment) => moment === Date.parse(datetime)).length,
		);
	}

	/** Requests for events, of this type or of all. */
	logReads(eventType?: string): LoggedRequest[] {
		const logReads = this.cobalt.world.requests({ path: '/webhook-events' });
		return logReads.filter(({ query }) => query.event_type === eventType);
	}

	/** The staff changes a patient. @returns the ID of the event */
	changePatient(): string {
		const id = randomUUID();
		this.cobalt.world.inEhr.updatePatient('44235', { phone: id }, { id });
		return id;
	}

	/** The staff books. @returns the ID of the event */
	book(): string {
		const id = randomUUID();
		const { mrn, datetime } = this.booking();
		const rest = { appointment_type: 'follow_up', location: '2', provider_ehr_id: '118' };
		this.cobalt.world.inEhr.book({ patient_mrn: mrn, datetime, ...rest }, { id });
		return id;
	}

	private booking(): Booking {
		const datetime = new Date(Date.UTC(2030, 0, 1, this.hoursTaken++)).toISOString();
		return { mrn: '44235', datetime };
	}
}
