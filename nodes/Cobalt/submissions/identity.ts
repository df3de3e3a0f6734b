/**
 * What identifies a submission in a retry. Only hashes, because workflows can read the place where it is
 * stored.
 */
export interface Identity {
	/** Index of its item in the run. */
	index: number;
	/** Fingerprint of the input item. */
	item: string;
	/** Fingerprint of the request. Absent if the item cannot be sent. */
	request?: string;
	/** Method and path. */
	operation?: string;
	/** Fingerprint of the account that it is sent to. */
	account?: string;
	/** Fingerprint of the required fields, which survive most corrections. */
	subject?: string;
	/** Id of the execution that submitted it. */
	execution?: string;
	/** The name under which other executions know that it may have been submitted. */
	note?: string;
}

/**
 * What two identities may have in common, most reliable first. The item comes before the request, because it
 * stays the same when the node is edited, or when an expression such as `$now` changes on each try.
 */
const TRAITS: ReadonlyArray<(identity: Identity) => unknown[] | undefined> = [
	({ index, item, request }) => (request === undefined ? undefined : [index, item, request]),
	({ index, item }) => [index, item],
	({ item, request }) => (request === undefined ? undefined : [item, request]),
	({ item }) => [item],
	({ index, request }) => (request === undefined ? undefined : [index, request]),
	({ request }) => (request === undefined ? undefined : [request]),
];

/** The same request to two clinics is two submissions, so matches within an account come first. */
const RULES: typeof TRAITS = [
	...TRAITS.map((trait) => (identity: Identity) => {
		const { account } = identity;
		const values = trait(identity);
		return account === undefined || values === undefined ? undefined : [account, ...values];
	}),
	...TRAITS,
];

/**
 * Matches items with known submissions, each of which belongs to at most one item.
 *
 * @param known by key
 * @returns the keys of the matches, by the index of the item
 */
export function matchIdentities(
	present: readonly Identity[],
	known: ReadonlyMap<string, Identity>,
): Map<number, string> {
	const matches = new Map<number, string>();
	const unmatched = new Map(known);
	for (const rule of RULES) {
		const keysByTrait = new Map<string, string[]>();
		for (const [key, identity] of unmatched) {
			const trait = traitOf(identity, rule);
			if (trait === undefined) continue;
			const keys = keysByTrait.get(trait) ?? [];
			keys.push(key);
			keysByTrait.set(trait, keys);
		}
		for (const identity of present) {
			const trait = matches.has(identity.index) ? undefined : traitOf(identity, rule);
			const key = trait === undefined ? undefined : keysByTrait.get(trait)?.shift();
			if (key === undefined) continue;
			matches.set(identity.index, key);
			unmatched.delete(key);
		}
	}
	return matches;
}

function traitOf(identity: Identity, rule: (typeof RULES)[number]): string | undefined {
	return rule(identity)?.join(' ');
}

type Identities = Record<string, Identity>;

/**
 * For each set of identities, their keys by account and request, so that an item need not be compared with
 * all others. The calls of an agent write to one set, and share its index.
 */
const indexes = new WeakMap<Identities, Map<string, Set<string>>>();

/**
 * Adds an identity to a set, or changes it. Only this function may change a set, because it updates the
 * index.
 */
export function setIdentity(identities: Identities, key: string, identity: Identity): void {
	identities[key] = identity;
	indexedKeys(identities, identity).add(key);
}

/** The keys of the identities in a set that have the same request to the same account. */
export function keysAlike(identities: Identities, wanted: Identity): string[] {
	const { account, request } = wanted;
	return [...indexedKeys(identities, wanted)].filter((key) => {
		const identity = identities[key];
		return identity?.request === request && identity?.account === account;
	});
}

/** Keys that have, or once had, the same request to the same account. */
function indexedKeys(identities: Identities, wanted: Identity): Set<string> {
	const index = indexes.get(identities) ?? indexOf(identities);
	indexes.set(identities, index);
	return keysIn(index, wanted);
}

function indexOf(identities: Identities): Map<string, Set<string>> {
	const index = new Map<string, Set<string>>();
	for (const [key, identity] of Object.entries(identities)) keysIn(index, identity).add(key);
	return index;
}

function keysIn(index: Map<string, Set<string>>, { account, request }: Identity): Set<string> {
	const trait = `${account} ${request}`;
	const keys = index.get(trait) ?? new Set<string>();
	index.set(trait, keys);
	return keys;
}
