import type { EventLog } from '../events/eventLog.mts';
import type { Kind } from '../events/eventNames.mts';
import { PlanQueue, type Occurrences } from './planQueue.mts';
import type { Random } from './random.mts';

interface Reason {
	code: string;
	description: string;
}

/** Why EHR work failed, with fields that some causes add to the event. */
export interface Failure {
	failure_reason: string;
	reasons: Reason[];
	[detail: string]: unknown;
}

/** What the EHR worker does in the EHR for one submission. */
export interface EhrTask {
	kind: Kind;
	recordId: string;
	/** The submission's body: plans are matched on it. */
	body: Record<string, unknown>;
	/** Why the EHR refuses it when the EHR worker gets to it. */
	refusal(): Failure | undefined;
	/** Changes the records and returns the event. */
	succeed(): { type: string; data: object };
	fail(failure: Failure): { type: string; data: object };
}

export interface Job {
	id: string;
	kind: string;
	recordId: string;
	submittedAt: number;
	dueAt: number;
	state: 'running' | 'succeeded' | 'failed';
}

/** The course of the EHR work of the next matching submissions. */
export interface JobPlan extends Occurrences {
	match?: (body: Record<string, unknown>) => boolean;
	/** Only submissions of this kind, such as 'appointment.create'. */
	kind?: string;
	/** Overrides the EHR's own decision (an unknown patient, a duplicate, an overlap). */
	outcome?: 'success' | 'failure';
	failureReason?: string;
	reasons?: Reason[];
	/** How long the EHR work takes. */
	seconds?: number;
	/** How much later than the end of the work the log lists the event. */
	eventLateBySeconds?: number;
	eventNeverListed?: boolean;
	/** Only a query for its `job_id` lists the event. */
	listedByJobIdOnly?: boolean;
	/** The event is listed and delivered twice, under the same id. */
	duplicateEvent?: boolean;
}

/** Spreads durations so that about one job in twenty takes more than three times the median. */
const SIGMA = 0.67;
const FIRST_JOB_ID = 15_550_001;

/** A failure with one cause. The documents list no codes: all of these are invented. */
export function failureOf(
	code: string,
	description: string,
	details: Record<string, unknown> = {},
): Failure {
	return failureFrom([{ code, description }], undefined, details);
}

/** Documented: `failure_reason` joins the descriptions. */
function failureFrom(
	reasons: Reason[],
	failureReason: string | undefined,
	details: Record<string, unknown> = {},
): Failure {
	const descriptions = reasons.map(({ description }) => description).join(' ');
	return { failure_reason: failureReason ?? descriptions, reasons, ...details };
}

function plannedFailure({ failureReason, reasons }: JobPlan): Failure {
	const description = failureReason ?? 'The EHR did not accept the request.';
	return failureFrom(reasons ?? [{ code: 'EHR_REJECTED', description }], failureReason);
}

interface RunningJob {
	job: Job;
	task: EhrTask;
	plan: JobPlan;
}

/** The longest delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Runs the jobs. By default without timers: the first query after a job was due finishes it. */
export class EhrWorker {
	readonly #log: EventLog;
	readonly #random: Random;
	readonly #medianSeconds: number;
	readonly #onDone: (job: Job) => void;
	readonly #plans = new PlanQueue<JobPlan>();
	readonly #jobs: Job[] = [];
	#running: RunningJob[] = [];
	#isOnTimer = false;
	#timer: NodeJS.Timeout | undefined;

	constructor(
		log: EventLog,
		random: Random,
		medianSeconds: number,
		onDone: (job: Job) => void = () => undefined,
	) {
		this.#log = log;
		this.#random = random;
		this.#medianSeconds = medianSeconds;
		this.#onDone = onDone;
	}

	/** Decides how the EHR work of the next matching submissions goes. */
	plan(plan: JobPlan): void {
		this.#plans.add(plan);
	}

	/** Accepts a submission and returns its job id. */
	submit(task: EhrTask): string {
		const plan =
			this.#plans.take(
				({ kind = task.kind, match = () => true }) => kind === task.kind && match(task.body),
			) ?? {};
		const drawn = this.#random.logNormal(this.#medianSeconds, SIGMA);
		const submittedAt = Date.now();
		const job: Job = {
			id: String(FIRST_JOB_ID + this.#jobs.length),
			kind: task.kind,
			recordId: task.recordId,
			submittedAt,
			dueAt: submittedAt + Math.round((plan.seconds ?? drawn) * 1000),
			state: 'running',
		};
		this.#jobs.push(job);
		this.#running.push({ job, task, plan });
		this.#startTimer();
		return job.id;
	}

	/** Finishes every job that is due, in the order in which they are due. */
	finishDueJobs(): void {
		const now = Date.now();
		const due = this.#running.filter(({ job }) => job.dueAt <= now);
		this.#running = this.#running.filter(({ job }) => job.dueAt > now);
		for (const work of due.sort((one, other) => one.job.dueAt - other.job.dueAt)) {
			this.#finish(work);
		}
		this.#startTimer();
	}

	/** Whether a timer finishes jobs as soon as they are due. */
	runOnTimer(isUnasked: boolean): void {
		this.#isOnTimer = isUnasked;
		this.#startTimer();
	}

	jobs(): Job[] {
		return this.#jobs.map((job) => ({ ...job }));
	}

	#startTimer(): void {
		clearTimeout(this.#timer);
		const next = Math.min(...this.#running.map(({ job }) => job.dueAt));
		if (!this.#isOnTimer || next === Infinity) return;
		const wait = Math.min(Math.max(next - Date.now(), 0), MAX_TIMER_MS);
		this.#timer = setTimeout(() => {
			this.finishDueJobs();
		}, wait).unref();
	}

	#finish({ job, task, plan }: RunningJob): void {
		const refusals = {
			success: () => undefined,
			failure: () => plannedFailure(plan),
			open: () => task.refusal(),
		};
		const failure = refusals[plan.outcome ?? 'open']();
		job.state = failure ? 'failed' : 'succeeded';
		const event = failure ? task.fail(failure) : task.succeed();
		this.#log.add(
			{ ...event, jobId: job.id },
			{
				at: job.dueAt,
				lateBySeconds: plan.eventNeverListed ? Infinity : plan.eventLateBySeconds,
				copies: plan.duplicateEvent ? 2 : 1,
				byJobIdOnly: plan.listedByJobIdOnly,
			},
		);
		this.#onDone({ ...job });
	}
}
