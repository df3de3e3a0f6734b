import type { ApiResponse, Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { inVirtualTime } from '../../../tools/n8n-host/virtualTime.mts';
import { cobaltForTest, lookups, submissions } from '../../Cobalt/setup.mts';
import { mean, percentile } from '../statistics.mts';
import { contenders, type ContenderName } from './contenders.mts';
import type { Work } from './work.mts';

/** What one contender needed for one amount of work. Times are in seconds. */
export interface Measurement {
	contender: ContenderName;
	jobs: number;
	/** How long the jobs took, on average: the same for all contenders. */
	duration: number;
	lookups: number;
	submissions: number;
	/** The most requests of both kinds that came within one second. */
	busiestSecond: number;
	/** From the end of each job to the answer that told of it. */
	delay: { mean: number; p95: number };
	total: number;
	/** The part of the total after the last job's end. */
	afterLastEnd: number;
}

/** How long each answer takes. */
const LATENCY_MS = 100;

/** Lets one contender do the work against a Cobalt of its own, on a virtual clock. */
export async function measure(contender: ContenderName, work: Work[]): Promise<Measurement> {
	const reportedAt = new Map<string, number>();
	const cobalt = await cobaltForTest({
		// The spelling that Cobalt's sample reads.
		spelling: 'prefixed',
		latencyMs: LATENCY_MS,
		onRequest: (_request, response) => {
			for (const jobId of jobsIn(response))
				reportedAt.set(jobId, reportedAt.get(jobId) ?? Date.now());
		},
	});
	planDurations(cobalt, work);

	const { start, end, completed } = await inVirtualTime(
		async () => ({
			start: Date.now(),
			completed: await contenders[contender](cobalt, work),
			end: Date.now(),
		}),
		() => cobalt.faults.heldBack,
	);

	checkWorld(cobalt, work, { completed, emitted: [...reportedAt.keys()] });
	const jobs = cobalt.world.jobs();
	const delays = jobs.map(({ id, dueAt }) => (reportedAt.get(id) ?? NaN) - dueAt);
	return {
		contender,
		jobs: jobs.length,
		duration: mean(jobs.map(({ submittedAt, dueAt }) => dueAt - submittedAt)) / 1000,
		lookups: lookups(cobalt),
		submissions: submissions(cobalt),
		busiestSecond: maxWithinASecond(cobalt.world.requests().map(({ at }) => at)),
		delay: { mean: mean(delays) / 1000, p95: percentile(delays, 95) / 1000 },
		total: (end - start) / 1000,
		afterLastEnd: (end - Math.max(...jobs.map(({ dueAt }) => dueAt))) / 1000,
	};
}

/** By the booking's start, so that a job takes as long whoever submits it, and in whatever order. */
function planDurations({ ehrWorker }: Cobalt, work: Work[]): void {
	for (const { body, seconds } of work) {
		const start = Date.parse(body.datetime);
		ehrWorker.plan({ match: ({ datetime }) => Date.parse(String(datetime)) === start, seconds });
	}
}

/** The jobs that an answer tells of. */
function jobsIn(response: ApiResponse | undefined): string[] {
	const { webhook_events = [] } = (response?.body ?? {}) as {
		webhook_events?: { job_id: string }[];
	};
	return webhook_events.map(({ job_id }) => job_id);
}

/**
 * Numbers of work that was not done would be worth nothing.
 *
 * @param seen the jobs that the contender saw completed, and those that an answer told of
 * @throws when not each booking was made once, or its end was not seen
 */
function checkWorld(
	{ world }: Cobalt,
	work: Work[],
	seen: { completed: string[]; emitted: string[] },
): void {
	const appointments = world.appointments();
	const jobs = world.jobs();
	const isEach = (ids: string[]) =>
		ids.length === jobs.length && jobs.every(({ id }) => ids.includes(id));
	const isScheduled = ({ body }: Work) =>
		appointments.some(
			({ datetime, status }) =>
				status === 'scheduled' && Date.parse(datetime) === Date.parse(body.datetime),
		);
	const checks: [string, boolean][] = [
		['an appointment for each booking', work.every(isScheduled)],
		['no other appointment', appointments.length === work.length],
		['no other job', jobs.length === work.length],
		['no job that ended badly', jobs.every(({ state }) => state === 'succeeded')],
		['an answer that told of each job', isEach(seen.emitted)],
		['each job seen completed by the contender', isEach(seen.completed)],
	];
	const missing = checks.filter(([, holds]) => !holds).map(([what]) => what);
	if (missing.length > 0) throw new Error(`This does not hold: ${missing.join('; ')}`);
}

/** @param times in milliseconds, in order */
function maxWithinASecond(times: number[]): number {
	let first = 0;
	return times.reduce((max, time, index) => {
		while ((times[first] ?? time) <= time - 1000) first += 1;
		return Math.max(max, index - first + 1);
	}, 0);
}
