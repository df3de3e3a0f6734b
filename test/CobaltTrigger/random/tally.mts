import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { Played } from './play.mts';

interface Sum {
	scenarios: number;
	events: number;
	told: number;
	/** Runs began with them before; n8n's table of processed data kept them from the workflow. */
	heldBack: number;
	/** The workflow was told once more. */
	repeats: number;
	requests: number;
	minutes: number;
}

/** What a suite of scenarios came to. */
export class Tally {
	private readonly sums = new Map<string, Sum>();
	private largest = 0;

	/** Megabytes in use, now and then: what is garbage does not count. */
	readonly heaps: number[] = [];

	get events(): number {
		return this.sums.get('in all')?.events ?? 0;
	}

	measure(): void {
		this.heaps.push(Math.round(heapInUse() / 1e6));
	}

	add(played: Played): void {
		const { ledger, heldBack, requests, minutes, largest } = played;
		this.largest = Math.max(this.largest, largest);
		const counts = [...ledger.told.values()];
		const repeats = counts.reduce((sum, count) => sum + count - 1, 0);
		for (const cause of ['in all', causeOf(played)]) {
			const sum = this.sums.get(cause) ?? nothing();
			this.sums.set(cause, {
				scenarios: sum.scenarios + 1,
				events: sum.events + ledger.entries.length,
				told: sum.told + counts.length,
				heldBack: sum.heldBack + heldBack,
				repeats: sum.repeats + repeats,
				requests: sum.requests + requests,
				minutes: sum.minutes + minutes,
			});
		}
	}

	get summary(): string {
		const lines = [...this.sums]
			.sort()
			.map(
				([cause, sum]) =>
					`${cause}: ${sum.scenarios} scenarios of ${sum.minutes} minutes, ${sum.events} events, ` +
					`${sum.told} told, ${sum.requests} requests for the log; ` +
					`${sum.heldBack} repeats held back by n8n's table, ${sum.repeats} told again`,
			);
		return [
			...lines,
			`static data: ${this.largest} characters at most; heap: ${this.heaps.join(', ')} MB`,
		].join('\n');
	}
}

const nothing = (): Sum => ({
	scenarios: 0,
	events: 0,
	told: 0,
	heldBack: 0,
	repeats: 0,
	requests: 0,
	minutes: 0,
});

/** What may make a trigger repeat itself: the worst of what was done to n8n. */
function causeOf({ scenario }: Played): string {
	const kinds: ReadonlySet<string> = new Set(scenario.plan.map(({ kind }) => kind));
	const causes = ['wipe', 'crash', 'restart', 'rename', 'change'].filter((kind) => kinds.has(kind));
	const where = scenario.isQueued ? 'queue mode' : scenario.mode;
	const table = kinds.has('emptyTable') ? ', table emptied' : '';
	return `${where}, ${causes[0] ?? 'undisturbed'}${table}`;
}

function heapInUse(): number {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	collect();
	return process.memoryUsage().heapUsed;
}
