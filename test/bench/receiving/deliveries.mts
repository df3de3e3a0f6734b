import { Agent } from 'node:http';
import axios from 'axios';

import { signEnvelope } from '../../../tools/fake-cobalt/events/signEnvelope.mts';
import { sideBySide } from '../sideBySide.mts';
import { EVENT_TYPE, type Receiver } from './receivers.mts';

/** How many deliveries are under way at once while their rate is measured. */
const IN_FLIGHT = 10;

/** Of this many deliveries, one is sent by itself, to see how long it takes. */
const PER_SINGLE = 2;

interface Response {
	status: number;
	body: unknown;
	/** Until it had arrived. */
	ms: number;
}

/** Deliveries to one address, and what came of them. */
export interface Deliveries {
	/** One after the other. */
	singles: Response[];
	/** {@link IN_FLIGHT} at once. */
	together: Response[];
	/** Until all of the latter had their responses. */
	togetherMs: number;
}

/** What is delivered as if something had happened in the EHR. */
export interface Delivered {
	/** Of the event. */
	id: string;
	/** Beside or instead of what all of them have. */
	fields?: object;
	/** Whether somebody else than Cobalt has signed it. */
	isForged?: boolean;
}

/** Signs and sends all of these. Only the sending is timed. */
export async function deliver(
	{ webhook }: Receiver,
	events: readonly Delivered[],
): Promise<Deliveries> {
	const signed = events.map(({ id, fields, isForged }) =>
		signEnvelope(
			{ ...envelopeOf(id), ...fields },
			isForged ? { ...webhook, secret: 'guessed' } : webhook,
			{},
		),
	);
	const httpAgent = new Agent({ keepAlive: true });
	const send = async ({ bytes, signature }: (typeof signed)[number]): Promise<Response> => {
		const start = performance.now();
		const { status, data } = await axios.post<unknown>(webhook.url, bytes, {
			headers: { 'content-type': 'application/json', 'cobalt-verification': signature },
			validateStatus: () => true,
			httpAgent,
		});
		return { status, body: data, ms: performance.now() - start };
	};
	try {
		const count = Math.ceil(signed.length / PER_SINGLE);
		const singles = await sideBySide(signed.slice(0, count), 1, send);
		const start = performance.now();
		const together = await sideBySide(signed.slice(count), IN_FLIGHT, send);
		return { singles, together, togetherMs: performance.now() - start };
	} finally {
		httpAgent.destroy();
	}
}

/** As Cobalt documents an appointment that the staff has moved. */
function envelopeOf(id: string): object {
	return {
		event_id: id,
		event_type: EVENT_TYPE,
		created_at: new Date().toISOString(),
		access_token_reference_id: 'clinic_1',
		data: {
			id: '7f8e9d10-2b3c-4d5e-8f90-a1b2c3d4e5f6',
			ehr_appointment_id: '20123',
			patient_mrn: '44235',
			provider_ehr_id: '118',
			location_ehr_id: '2',
			status: 'scheduled',
			datetime: '2025-06-02T13:00:00+00:00',
			updated_fields: { datetime: '2025-06-02T13:00:00+00:00' },
		},
	};
}
