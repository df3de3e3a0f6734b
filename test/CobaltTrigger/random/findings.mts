import type { Entry } from './ledger.mts';
import { nameOf } from './ledger.mts';
import type { Played } from './play.mts';

/** How many characters n8n rewrites each time at most. */
const MOST_SAVED = 200_000;

/** Everything that is not as it should be. */
export function findingsOf(played: Played): string[] {
	return [
		...lost(played),
		...unwanted(played),
		...repeated(played),
		...disorder(played),
		...failed(played),
		...(played.largest < MOST_SAVED ? [] : [`the static data had ${played.largest} characters`]),
	];
}

/** A place that n8n lost is looked for by our clock, an hour back: not far enough for one so far behind. */
function isForgotten({ plan, cobalt }: Played['scenario']): boolean {
	const kinds = plan.map(({ kind }) => kind);
	const isLost =
		kinds.includes('wipe') && ['crash', 'restart'].some((kind) => kinds.includes(kind as 'crash'));
	return isLost && (cobalt.clockSkewSeconds ?? 0) <= -3_600;
}

/** Whether an event has to be told. Some may be told or not: those that are listed late, across the activation. */
function isDue({ scenario, activated, startsFrom }: Played, entry: Entry): boolean {
	if (!entry.isAskedFor || isForgotten(scenario)) return false;
	// What was before a webhook was registered is told only where a delivery of it has failed.
	if (startsFrom !== undefined && scenario.mode === 'polling') return entry.createdAt >= startsFrom;
	return entry.happenedAt >= activated.to;
}

/** How far a gap in the registration is read back beyond its beginning, for clocks that disagree. */
const GAP_MARGIN_MS = 120_000;

/**
 * A gap in the registration is made up for by Cobalt's own time: what is dated after it may be older, where
 * Cobalt's clock is ahead.
 */
function isTooOld({ scenario, activated, startsFrom }: Played, entry: Entry): boolean {
	const { createdAt, listedAt } = entry;
	if (startsFrom !== undefined) return createdAt < startsFrom;
	const isDatedLater = scenario.mode === 'webhook' && createdAt > activated.from - GAP_MARGIN_MS;
	return listedAt <= activated.from && !isDatedLater;
}

function lost(played: Played): string[] {
	const { ledger } = played;
	return some(
		'lost',
		ledger.entries.filter((entry) => isDue(played, entry) && !ledger.told.has(entry.name)),
	);
}

function unwanted(played: Played): string[] {
	const { entries, told } = played.ledger;
	const names = new Set(entries.map(({ name }) => name));
	const strange = [...told.keys()].filter((name) => !names.has(name));
	const toldOnes = entries.filter(({ name }) => told.has(name));
	return [
		...(strange.length > 0 ? [`told of what never happened: ${strange.slice(0, 3).join()}`] : []),
		...some(
			'told, though not asked for',
			toldOnes.filter((entry) => !entry.isAskedFor),
		),
		...some(
			'told, though from before',
			toldOnes.filter((entry) => isTooOld(played, entry)),
		),
	];
}

/**
 * Where nothing was taken from n8n, each event is told once, and comes out of a polling trigger once. A
 * delivery may come after the sweep. n8n's table goes by the node's name.
 */
function repeated({ scenario, ledger, heldBack }: Played): string[] {
	const twice = ledger.entries.filter(({ name }) => (ledger.told.get(name) ?? 0) > 1);
	const kinds = new Set(scenario.plan.map(({ kind }) => kind));
	const isUneventful = !['restart', 'crash', 'wipe'].some((kind) => kinds.has(kind as 'wipe'));
	return [
		...(kinds.has('emptyTable') || kinds.has('rename') ? [] : some('told twice', twice)),
		...(isUneventful && scenario.mode === 'polling' && !scenario.isQueued
			? [
					...(heldBack > 0 ? [`${heldBack} came out of the trigger twice`] : []),
					...some('told twice with nothing to excuse it', twice),
				]
			: []),
	];
}

/** Within one run the oldest comes first, by the instants and not by how they are written. */
function disorder({ ledger }: Played): string[] {
	return ledger.runs.flatMap((items, run) => {
		const moments = items.map(({ event_created_at: created }) => Date.parse(created as string));
		const at = moments.findIndex((moment, index) => moment < (moments[index - 1] ?? -Infinity));
		return at < 0 ? [] : [`run ${run}: ${nameOf(items[at] ?? {})} comes too late`];
	});
}

/** Polls fail only where something was done to them. */
function failed({ scenario, failures, healedAt }: Played): string[] {
	const hasFaults = scenario.plan.some(({ kind }) => kind === 'fault');
	return (
		failures
			.filter(({ at }) => !hasFaults || at > healedAt + 400_000)
			// A poll whose time was over before it had found its place: slow, and not lost.
			.filter(({ message }) => !message.startsWith('Cobalt did not answer within'))
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
