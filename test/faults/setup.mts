import type { INode, INodeParameters, IRun } from 'n8n-workflow';
import { expect } from 'vitest';

import type { Cobalt, Fault } from '../../tools/fake-cobalt/index.mts';
import { after } from '../../tools/n8n-host/virtualTime.mts';
import { Ended } from '../../tools/n8n-host/workflow.mts';
import { bookings, CREATE, retry, run, type RunOptions, type Timing } from '../Cobalt/setup.mts';
import { doublesIn, liesOf } from './truth.mts';

/** When runs begin, unless told otherwise. */
export const START = Date.parse('2025-03-10T15:00:00.000Z');

/** So many seconds after runs begin, as ISO 8601. */
export const later = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

/** Every item comes to an end of its own, and says how it was. */
export const GO_ON: Partial<INode> = { onError: 'continueErrorOutput' };

export const RETRY_ON_FAIL: Partial<INode> = { retryOnFail: true, maxTries: 3 };

export interface BookOptions extends Omit<RunOptions, 'parameters'> {
	/** Those of the node. */
	options?: INodeParameters;
}

/** Books, and finds out whether all that was said of it is so. */
export async function book(cobalt: Cobalt, options: BookOptions = {}): Promise<Ended> {
	const ended = await run(cobalt, runOptions(options));
	checkAgainstWorld(cobalt, ended, options);
	return ended;
}

/** Retry execution, and whether all that is said now is so. */
export async function bookAgain(
	cobalt: Cobalt,
	ended: Ended,
	seconds: number,
	options: BookOptions = {},
): Promise<Ended> {
	const again = await retry(cobalt, ended, { now: later(seconds) });
	checkAgainstWorld(cobalt, again, options);
	return again;
}

function runOptions({ options = {}, ...rest }: BookOptions): RunOptions {
	return { settings: GO_ON, ...rest, parameters: { ...CREATE, options } };
}

function checkAgainstWorld(cobalt: Cobalt, ended: Ended, { items = bookings(1) }: BookOptions) {
	const lies = ended.error ? [] : liesOf(cobalt, ended, items);
	expect([...doublesIn(cobalt, items), ...lies]).toEqual([]);
}

/**
 * Books, and cancels after so many seconds; after 0, before anything else. What comes back is what n8n had
 * saved in that very moment: what the node finds out later is not in it.
 */
export async function bookAndCancel(
	cobalt: Cobalt,
	seconds: number,
	options: BookOptions = {},
): Promise<Ended> {
	const { ended, stoppedAt } = await cutOff(seconds, async (timing) => {
		return await run(cobalt, { ...runOptions({ settings: {}, ...options }), ...timing });
	});
	expect(ended.run.status).toBe('canceled');
	expect(cobalt.world.requests().filter(({ at }) => at > stoppedAt)).toEqual([]);
	return ended;
}

/** An execution that was cancelled, or had ended before. */
export interface CutOff {
	/** As n8n had saved it when it ended. */
	ended: Ended;
	/** Epoch milliseconds. */
	endedAt: number;
	/** When it was cancelled, or ended by itself: n8n may take its time to end it. */
	stoppedAt: number;
}

/** Cancels an execution after so many seconds, and lets n8n live on for a while. */
export async function cutOff(
	seconds: number,
	work: (timing: Timing) => Promise<Ended>,
): Promise<CutOff> {
	let endedAt = 0;
	let cancelledAt = Infinity;
	let saved = '';
	const ended = await work({
		linger: LINGER,
		meanwhile: ({ cancel, result }) => {
			const stop = () => {
				cancelledAt = Date.now();
				cancel();
			};
			if (seconds === 0) stop();
			else if (seconds < Infinity) after(seconds, stop);
			void result.then(({ run }) => {
				endedAt = Date.now();
				saved = JSON.stringify(run);
			});
		},
	});
	return {
		ended: new Ended(JSON.parse(saved) as IRun, ended.workflow, ended.traces),
		endedAt,
		stoppedAt: Math.min(cancelledAt, endedAt),
	};
}

/** Longer than any answer takes, in seconds. */
const LINGER = 90;

/** When each request was made, in seconds since the start of the first run. */
export function secondsOfRequests(
	{ world }: Cobalt,
	where?: { method?: string; path?: string },
): number[] {
	return world.requests(where).map(({ at }) => (at - START) / 1000);
}

export const ON_LOOKUPS = { path: '/webhook-events' };

export const ON_SUBMISSIONS = { method: 'POST', path: '/appointments' };

/** Cobalt asks to send less, and says when it may be again, or does not. */
export function slowDown(where: { path: string }, times: number, retryAfter?: string): Fault {
	const headers = retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } };
	return { kind: 'status', status: 429, times, ...headers, ...where };
}

export const each = (status: string, count: number): string[] => Array<string>(count).fill(status);
