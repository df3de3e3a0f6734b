import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, ServerResponse } from 'node:http';
import { vi } from 'vitest';

import { databaseWork } from './host/databaseWork.mts';

const START = '2025-03-10T15:00:00.000Z';

/** After this many turns of the real event loop without a request, only a timer can make progress. */
const QUIET_TURNS = 5;

/** Real milliseconds after which a run without timers and requests is given up. */
const STUCK_MS = 60_000;

/**
 * Node's names for work that ends by itself: files (`FSReqPromise`, `CloseReq`), name lookups
 * (`GetAddrInfoReqWrap`), unfinished connections and bodies.
 */
const UNDER_WAY = /Req|^TCPConnectWrap$|^WriteWrap$/;

const isUnderWay = (): boolean =>
	process.getActiveResourcesInfo().some((name) => UNDER_WAY.test(name));

const nextTurn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const realNow = performance.now.bind(performance);

/**
 * Runs something on a virtual clock: `Date` and `setTimeout` are fake, HTTP is real. Whenever no request is in flight,
 * time jumps to the next timer, so that minutes of waiting take milliseconds and the order of events is the same on
 * every machine.
 *
 * @param heldBack returns how many requests a server is holding back with a (fake) timer; those do not stop time
 * @param now the start time, as ISO 8601
 */
export async function inVirtualTime<T>(
	work: () => Promise<T>,
	heldBack: () => number = () => 0,
	now = START,
): Promise<T> {
	const requests = new Set<ClientRequest>();
	const onRequest = (message: unknown): void => {
		const { request } = message as { request: ClientRequest };
		requests.add(request);
		request.once('close', () => requests.delete(request));
	};
	// Node reports a request when all of it is sent. One with a long body has arrived before that.
	const received = new Set<ServerResponse>();
	const onReceived = (message: unknown): void => {
		const { response } = message as { response: ServerResponse };
		received.add(response);
		response.once('close', () => received.delete(response));
	};
	const isQuiet = (): boolean =>
		Math.max(requests.size, received.size) <= heldBack() &&
		!isUnderWay() &&
		databaseWork.underWay === 0;
	subscribe('http.client.request.start', onRequest);
	subscribe('http.server.request.start', onReceived);
	vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: new Date(now) });
	try {
		let running = true;
		const result = work().finally(() => {
			running = false;
		});
		// The caller handles a rejection; until then it must not count as unhandled.
		result.catch(() => undefined);
		const isRunning = (): boolean => running;
		let quietTurns = 0;
		let lastProgress = realNow();
		while (isRunning()) {
			await nextTurn();
			quietTurns = isQuiet() ? quietTurns + 1 : 0;
			if (quietTurns > QUIET_TURNS && vi.getTimerCount() > 0) {
				// Not the `Async` one: it takes real milliseconds for each timer, and the turns here do the same.
				vi.advanceTimersToNextTimer();
				quietTurns = 0;
				lastProgress = realNow();
			}
			if (realNow() - lastProgress > STUCK_MS) {
				throw new Error('Time stands still: the work waits for something that does not come');
			}
		}
		return await result;
	} finally {
		vi.useRealTimers();
		unsubscribe('http.client.request.start', onRequest);
		unsubscribe('http.server.request.start', onReceived);
	}
}

/** Runs something after this many seconds of virtual time. */
export function after(seconds: number, action: () => void): void {
	setTimeout(action, seconds * 1000);
}
