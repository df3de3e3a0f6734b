import axios from 'axios';
import type { Agent } from 'node:http';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import type { Work } from './work.mts';

interface SampleEvent {
	event_type: string;
	job_id: string;
	data: { failure_reason?: string };
}

interface Created {
	data: { appointment_id: string; job_id: number };
}

/**
 * Cobalt's own sample of waiting for a job: the two requests of its createAppointmentSync, and its
 * awaitResult, in which only the types and the connections are ours.
 */
export function cobaltSample({ url, keys }: Cobalt, httpAgent: Agent) {
	const headers = {
		'Content-Type': 'application/json',
		client_id: keys.clientId,
		client_secret: keys.clientSecret,
		access_token: keys.accessToken,
	};

	return {
		/** @returns the job's id */
		async createAppointment(appointment: Work['body']): Promise<string> {
			const created = await axios.post<Created>(`${url}/v1/appointments`, appointment, {
				headers,
				httpAgent,
			});
			return String(created.data.data.job_id);
		},

		/** @throws when the job has no event in time */
		async awaitResult(
			jobId: string,
			{ timeoutMs = 120_000, pollIntervalMs = 1_000 } = {},
		): Promise<SampleEvent> {
			const startTime = Date.now();
			while (Date.now() - startTime < timeoutMs) {
				const response = await axios.get<{ webhook_events?: SampleEvent[] }>(
					`${url}/v1/webhook-events`,
					{ headers, params: { job_id: jobId }, httpAgent },
				);
				const event = response.data.webhook_events?.[0];
				if (event) return event;
				await new Promise((resolve) => setTimeout(resolve, pollIntervalMs));
			}
			throw new Error(`Timed out after ${timeoutMs}ms waiting for result (job_id: ${jobId})`);
		},
	};
}
