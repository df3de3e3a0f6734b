/** Reads backlogs in a process of its own, so that its memory is theirs alone. */
import { respondToTasks } from '../engine.mts';
import { BacklogReader } from './readers.mts';
import type { BacklogResult, BacklogTask, Reader } from './task.mts';

/** After so many polls, garbage is collected to see what is in use. */
const POLLS_BETWEEN_COLLECTIONS = 10;

/** More than any reader needs. */
const MAX_POLLS = 2_000;

const MINUTE_MS = 60_000;

/** n8n's own clock. */
const now = Date.now.bind(Date);

respondToTasks(async (given): Promise<BacklogResult> => {
	const task = given as BacklogTask;
	const readers: Record<Reader, BacklogReader> = {
		trigger: new BacklogReader('trigger', task),
		pages: new BacklogReader('pages', task),
	};
	const { trigger, pages } = readers;
	const before = usedMb();
	let [heapMb, stateLength] = [0, 0];
	for (let polls = 1; !trigger.isDone || !pages.isDone; polls += 1) {
		if (polls > MAX_POLLS) throw new Error('The end of the backlog is not reached');
		// In turns, so that a busy moment of the machine hits both.
		// By this process's clock, a minute passes between two polls, as it does for a user.
		const time = polls * MINUTE_MS;
		Date.now = () => now() + time;
		const [first, second] = polls % 2 === 0 ? [trigger, pages] : [pages, trigger];
		if (!first.isDone) await first.poll();
		if (!second.isDone) await second.poll();
		stateLength = Math.max(stateLength, trigger.stateLength);
		if (polls % POLLS_BETWEEN_COLLECTIONS === 0) heapMb = Math.max(heapMb, usedMb() - before);
	}
	const idleFrom = now();
	await trigger.poll();
	return { idleFrom, ms: { trigger: trigger.ms, pages: pages.ms }, heapMb, stateLength };
});

function usedMb(): number {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed / 2 ** 20;
}
