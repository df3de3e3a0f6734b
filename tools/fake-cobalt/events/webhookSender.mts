import axios from 'axios';
import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';

import type { Dialect } from '../server/dialect.mts';
import { loopbackUrl } from '../server/validation.mts';
import type { CobaltClock } from '../world/clock.mts';
import type { Ehr } from '../world/ehr.mts';
import { PlanQueue, type Occurrences } from '../world/planQueue.mts';
import type { Webhook } from '../world/records.mts';
import type { Delivery } from './delivery.mts';
import type { CobaltEvent } from './eventLog.mts';
import { signEnvelope, type SigningOptions } from './signEnvelope.mts';

/** The course of the next matching deliveries. One plan covers one event to one URL. */
export interface DeliveryPlan extends Occurrences, SigningOptions {
	/** Only to this URL, and only of events of this type. */
	url?: string;
	type?: string;
	/** Delays the first attempt. */
	lateBySeconds?: number;
	/** Nothing is sent: both attempts count as network errors. */
	isNever?: boolean;
	/** Delivers the event again once it was accepted. */
	isRepeated?: boolean;
}

/** The response's status, or why there was none. */
type Outcome = number | 'timeout' | 'network error';

/** One POST to one URL, or one that a plan kept from being sent. */
export interface DeliveryAttempt {
	url: string;
	eventId: string;
	/** From 1. A repeated delivery starts over. */
	attempt: number;
	at: number;
	/** Undefined while the attempt is in flight, and for good if the server was closed meanwhile. */
	status?: Outcome;
	/** Whether a second attempt follows. */
	retried: boolean;
}

interface Dispatch {
	webhook: Webhook;
	event: CobaltEvent;
	plan: DeliveryPlan;
	/** The delivery as the log reports it. */
	logged: Delivery;
}

interface Setup {
	ehr: Ehr;
	dialect: Dialect;
	clock: CobaltClock;
}

/** Documented: the timeout of each attempt, and the pause between the two. */
const ATTEMPT_TIMEOUTS_MS = [5_000, 2_000];
const RETRY_DELAY_MS = 1_000;

const isAccepted = (status: Outcome) => typeof status === 'number' && status >= 200 && status < 300;

/** Documented: no retry after another 4xx or a timeout. 3xx are not documented: redirects are not followed and
 * count as refusals. */
const isRetryable = (status: Outcome) =>
	status === 'network error' || status === 429 || (typeof status === 'number' && status >= 500);

/** Delivers events to the registered URLs. */
export class WebhookSender {
	readonly attempts: DeliveryAttempt[] = [];
	readonly #setup: Setup;
	readonly #plans = new PlanQueue<DeliveryPlan>();
	readonly #underWay = new Set<Promise<void>>();
	readonly #closing = new AbortController();
	/** A new connection for each attempt: a receiver may close an idle one just as it is reused, which would count
	 * as an attempt. */
	readonly #agent = new Agent({ keepAlive: false });

	constructor(setup: Setup) {
		this.#setup = setup;
		// Every delivery listens to it.
		setMaxListeners(0, this.#closing.signal);
	}

	/** Decides how the next matching deliveries go. */
	plan(plan: DeliveryPlan): void {
		this.#plans.add(plan);
	}

	/**
	 * Starts to deliver an event to every URL of this machine. Other URLs are skipped: the fake must not talk to
	 * strangers, and a test that registers some must not need a network.
	 *
	 * @returns the deliveries as the log reports them, kept up to date. Copies after the first are not reported.
	 */
	send(event: CobaltEvent, copies: number): Delivery[] {
		const ownUrls = this.#setup.ehr.webhooks.filter(
			({ url }) => loopbackUrl.read(url) !== undefined,
		);
		return ownUrls.map((webhook) => {
			const logged = pending(webhook);
			for (let copy = 0; copy < copies; copy++) {
				this.#start({ webhook, event, logged: copy === 0 ? logged : pending(webhook) });
			}
			return logged;
		});
	}

	/** Resolves when no delivery is in flight or waiting. */
	async delivered(): Promise<void> {
		while (this.#underWay.size > 0) await Promise.all(this.#underWay);
	}

	/** Aborts all deliveries. */
	async close(): Promise<void> {
		this.#closing.abort();
		await this.delivered();
	}

	#start(dispatch: Omit<Dispatch, 'plan'>): void {
		const { webhook, event } = dispatch;
		const plan =
			this.#plans.take(
				({ url = webhook.url, type = event.type }) => url === webhook.url && type === event.type,
			) ?? {};
		const run = this.#run({ ...dispatch, plan })
			.catch((error: unknown) => {
				if (!this.#closing.signal.aborted) throw error;
			})
			.finally(() => this.#underWay.delete(run));
		this.#underWay.add(run);
	}

	async #run(dispatch: Dispatch): Promise<void> {
		const { webhook, plan } = dispatch;
		await this.#pause((plan.lateBySeconds ?? 0) * 1000);
		await this.#deliver(dispatch);
		if (plan.isRepeated && dispatch.logged.status === 'success') {
			await this.#deliver({ ...dispatch, logged: pending(webhook) });
		}
	}

	async #deliver(dispatch: Dispatch): Promise<void> {
		const { webhook, event, logged } = dispatch;
		for (const [before, limitMs] of ATTEMPT_TIMEOUTS_MS.entries()) {
			if (before > 0) await this.#pause(RETRY_DELAY_MS);
			const attempt: DeliveryAttempt = {
				url: webhook.url,
				eventId: event.id,
				attempt: before + 1,
				at: Date.now(),
				retried: false,
			};
			this.attempts.push(attempt);
			const lastAttempt = this.#setup.clock.now();
			const status = await this.#attempt(dispatch, attempt, limitMs);
			attempt.status = status;
			attempt.retried = attempt.attempt < ATTEMPT_TIMEOUTS_MS.length && isRetryable(status);
			Object.assign(logged, {
				status: isAccepted(status) ? 'success' : attempt.retried ? 'pending' : 'failed',
				attempts: attempt.attempt,
				lastAttempt,
				responseStatusCode: typeof status === 'number' ? status : null,
			} satisfies Partial<Delivery>);
			if (!attempt.retried) return;
		}
	}

	async #attempt(
		{ webhook, event, plan }: Dispatch,
		{ attempt }: DeliveryAttempt,
		limitMs: number,
	): Promise<Outcome> {
		if (plan.isNever) return 'network error';
		const { bytes, signature } = signEnvelope(this.#setup.dialect.envelope(event), webhook, plan);
		// Not axios' own timeout, which would ignore a test's fake clock.
		const limit = new AbortController();
		const timer = setTimeout(() => {
			limit.abort();
		}, limitMs).unref();
		try {
			const { status } = await axios.post(webhook.url, bytes, {
				headers: {
					'content-type': 'application/json',
					'cobalt-verification': signature,
					'webhook-id': event.id,
					'webhook-timestamp': event.created,
					'webhook-attempt': String(attempt),
				},
				signal: AbortSignal.any([limit.signal, this.#closing.signal]),
				validateStatus: () => true,
				maxRedirects: 0,
				proxy: false,
				httpAgent: this.#agent,
				responseType: 'arraybuffer',
			});
			return status;
		} catch (error) {
			this.#closing.signal.throwIfAborted();
			if (!axios.isAxiosError(error)) throw error;
			return limit.signal.aborted ? 'timeout' : 'network error';
		} finally {
			clearTimeout(timer);
		}
	}

	async #pause(ms: number): Promise<void> {
		const { signal } = this.#closing;
		if (ms > 0) {
			await new Promise<void>((resolve) => {
				const wake = () => {
					clearTimeout(timer);
					signal.removeEventListener('abort', wake);
					resolve();
				};
				const timer = setTimeout(wake, ms).unref();
				signal.addEventListener('abort', wake);
			});
		}
		signal.throwIfAborted();
	}
}

function pending({ url }: Webhook): Delivery {
	return { url, status: 'pending', attempts: 0, lastAttempt: null, responseStatusCode: null };
}
