import type { Played } from './scenarios.mts';

/** Sums up what a run of scenarios counted, by group. */
export class Totals {
	readonly #groups = new Map<string, Map<string, number>>();

	add({ group, counts }: Omit<Played, 'findings'>): void {
		for (const name of ['all', group]) {
			const sums = this.#groups.get(name) ?? new Map<string, number>();
			this.#groups.set(name, sums);
			for (const [what, count] of Object.entries({ scenarios: 1, ...counts })) {
				sums.set(what, (sums.get(what) ?? 0) + count);
			}
		}
	}

	/** A line for each group. */
	get summary(): string {
		return [...this.#groups]
			.sort(([one], [other]) => one.localeCompare(other))
			.map(
				([name, sums]) => `${name}: ${[...sums].map(([what, sum]) => `${sum} ${what}`).join(', ')}`,
			)
			.join('\n');
	}
}
