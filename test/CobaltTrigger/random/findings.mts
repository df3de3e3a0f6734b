import type { Entry } from './history.mts';
import { nameOf } from './history.mts';
import type { Played } from './play.mts';

/** How many characters of static data a trigger may have: n8n saves all of them after each poll. */
const MAX_SAVED = 200_000;

/** Everything that is not as it should be. */
export function findingsOf(played: Played): string[] {
	return [
		...lost(played),
		...unwanted(played),
		...repeated(played),
		...disorder(played),
		...failed(played),
		...(played.largest < MAX_SAVED ? [] : [`the static data had ${played.largest} characters`]),
	];
}

/** A lost log position is restored from our clock, an hour back: too little where Cobalt's is that far behind. */
function isForgotten({ plan, cobalt }: Played['scenario']): boolean {
	const kinds = plan.map(({ kind }) => kind);
	const isLost =
		kinds.includes('wipe') && ['crash', 'restart'].some((kind) => kinds.includes(kind as 'crash'));
	return isLost && (cobalt.clockSkewSeconds ?? 0) <= -3_600;
}

/** Whether an event has to be emitted. Those listed late, across the activation, may or may not be. */
function isDue({ scenario, activated, startsFrom }: Played, entry: Entry): boolean {
	if (!entry.isAskedFor || isForgotten(scenario)) return false;
	// Of what happened before a webhook was registered, only failed deliveries are emitted.
	if (startsFrom !== undefined && scenario.mode === 'polling') return entry.createdAt >= startsFrom;
	return entry.happenedAt >= activated.to;
}

/** How far before its beginning a gap in the registration is read, for clocks that disagree. */
const GAP_MARGIN_MS = 120_000;

/**
 * A gap in the registration is filled by Cobalt's clock: where that is ahead, events dated after the start of
 * the gap may be older than it.
 */
function isTooOld({ scenario, activated, startsFrom }: Played, entry: Entry): boolean {
	const { createdAt, listedAt } = entry;
	if (startsFrom !== undefined) return createdAt < startsFrom;
	const isDatedLater = scenario.mode === 'webhook' && createdAt > activated.from - GAP_MARGIN_MS;
	return listedAt <= activated.from && !isDatedLater;
}

function lost(played: Played): string[] {
	const { history } = played;
	return some(
		'lost',
		history.entries.filter((entry) => isDue(played, entry) && !history.emitted.has(entry.name)),
	);
}

function unwanted(played: Played): string[] {
	const { entries, emitted } = played.history;
	const names = new Set(entries.map(({ name }) => name));
	const strange = [...emitted.keys()].filter((name) => !names.has(name));
	const emittedEntries = entries.filter(({ name }) => emitted.has(name));
	return [
		...(strange.length > 0 ? [`emitted what never happened: ${strange.slice(0, 3).join()}`] : []),
		...some(
			'emitted, though not asked for',
			emittedEntries.filter((entry) => !entry.isAskedFor),
		),
		...some(
			'emitted, though too old',
			emittedEntries.filter((entry) => isTooOld(played, entry)),
		),
	];
}

/**
 * Unless n8n's table of processed data was emptied, each event is emitted once: the table goes by the node's id.
 * Unless n8n lost its static data, which go by the node's name, each event leaves a polling trigger once. A
 * delivery may come after the sweep for undelivered events.
 */
function repeated({ scenario, history, heldBack }: Played): string[] {
	const twice = history.entries.filter(({ name }) => (history.emitted.get(name) ?? 0) > 1);
	const kinds = new Set(scenario.plan.map(({ kind }) => kind));
	const isUneventful = !['restart', 'crash', 'wipe', 'rename'].some((kind) =>
		kinds.has(kind as 'wipe'),
	);
	return [
		...(kinds.has('emptyTable') ? [] : some('emitted twice', twice)),
		...(isUneventful && scenario.mode === 'polling' && !scenario.isQueued
			? [
					...(heldBack > 0 ? [`${heldBack} came out of the trigger twice`] : []),
					...some('emitted twice without a reason', twice),
				]
			: []),
	];
}

/** In each execution the oldest event comes first, by the instant and not by its spelling. */
function disorder({ history }: Played): string[] {
	return history.runs.flatMap((items, run) => {
		const timestamps = items.map(({ event_created_at: created }) => Date.parse(created as string));
		const at = timestamps.findIndex(
			(timestamp, index) => timestamp < (timestamps[index - 1] ?? -Infinity),
		);
		return at < 0 ? [] : [`run ${run}: ${nameOf(items[at] ?? {})} comes too late`];
	});
}

/** Polls fail only where something was done to them. */
function failed({ scenario, failures, healedAt }: Played): string[] {
	const hasFaults = scenario.plan.some(({ kind }) => kind === 'fault');
	return (
		failures
			.filter(({ at }) => !hasFaults || at > healedAt + 400_000)
			// A poll that timed out before it found its position is slow, and loses nothing.
			.filter(({ message }) => !message.startsWith('Cobalt did not respond within'))
			.slice(0, 3)
			.map(({ message, at }) => `a poll failed at ${new Date(at).toISOString()}: ${message}`)
	);
}

function some(what: string, entries: Entry[]): string[] {
	if (entries.length === 0) return [];
	const shown = entries.slice(0, 3).map(({ name, happenedAt, listedAt, createdAt }) => {
		const [happened, listed, created] = [happenedAt, listedAt, createdAt].map((at) =>
			new Date(at).toISOString(),
		);
		return `${name} (happened ${happened}, listed ${listed}, created ${created})`;
	});
	return [`${entries.length} ${what}: ${shown.join(', ')}`];
}
