import type { Send } from '../transport/request';
import { readEvent, type CobaltEvent } from './event';

const PATH = '/webhook-events';

/**
 * The events of one job, as Cobalt lists them (newest first).
 *
 * Each is checked to be of this job: an older version of the log does not know the `job_id` filter
 * and answers with everybody's events.
 */
export async function eventsOfJob(send: Send, jobId: string): Promise<CobaltEvent[]> {
	const answer = await send({ method: 'GET', path: PATH, query: { job_id: jobId } });
	const records: unknown[] = Array.isArray(answer.webhook_events) ? answer.webhook_events : [];
	return records
		.map(readEvent)
		.filter((event): event is CobaltEvent => event !== undefined && event.jobId === jobId);
}
