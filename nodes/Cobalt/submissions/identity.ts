/** By what a submission is known again in a retry. Digests: workflows can read where they are kept. */
export interface Identity {
	/** The position of its item among those of the run. */
	index: number;
	/** Of the item that came in. */
	item: string;
	/** Of what is sent. Absent where the fields of the item cannot be sent. */
	request?: string;
	/** Which operation it is. */
	operation?: string;
	/** Of the account that it is sent to. */
	account?: string;
	/** Of the fields that say whom and what it is about; they outlive most corrections. */
	subject?: string;
	/** Which execution submitted it. */
	execution?: string;
	/** By which other executions know that it may have been submitted. */
	note?: string;
}

/**
 * What two identities may have in common, the surest first. The item comes before the request: it stays
 * what it is when the node is edited, or an expression such as `$now` gives something else on each try.
 */
const TRAITS: ReadonlyArray<(identity: Identity) => unknown[] | undefined> = [
	({ index, item, request }) => (request === undefined ? undefined : [index, item, request]),
	({ index, item }) => [index, item],
	({ item, request }) => (request === undefined ? undefined : [item, request]),
	({ item }) => [item],
	({ index, request }) => (request === undefined ? undefined : [index, request]),
	({ request }) => (request === undefined ? undefined : [request]),
];

/** The same at two clinics is two submissions; only what is left over may have gone to another account. */
const RULES: typeof TRAITS = [
	...TRAITS.map((trait) => (identity: Identity) => {
		const { account } = identity;
		const values = trait(identity);
		return account === undefined || values === undefined ? undefined : [account, ...values];
	}),
	...TRAITS,
];

/**
 * Finds what is known of items, each known thing for one item at most.
 *
 * @param known by key
 * @returns the keys by the index of the item, for those of which something is known
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
