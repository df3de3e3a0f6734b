import type { IDataObject } from 'n8n-workflow';

const CONTEXT_KEY = 'cobaltLostSubmissions';

/**
 * For a *Retry execution* that came without a ledger: it either reaches this node for the first time, or
 * the execution that it retries was stopped by hand or cut off, and n8n lost what it knew. The journal
 * tells the two apart, as it was before this execution wrote into it. So what it said is kept for the
 * further calls of the node: rounds of a loop, and calls of an agent.
 */
export class LostSubmissions {
	/** Whether a name was in the journal when this execution first came to it. */
	private readonly met?: Record<string, boolean>;

	/**
	 * @param context n8n's node context, kept by reference
	 * @param isOrphan whether this is a retry, and its first call found nothing
	 */
	constructor(context: IDataObject, isOrphan: boolean) {
		if (isOrphan) context[CONTEXT_KEY] = {};
		this.met = context[CONTEXT_KEY] as Record<string, boolean> | undefined;
	}

	/**
	 * Those of the names under which an earlier execution may have submitted something.
	 *
	 * @param recorded what was in the journal before; undefined where the host has none
	 */
	among(names: readonly string[], recorded: ReadonlySet<string> | undefined): string[] {
		const { met } = this;
		if (met === undefined) return [];
		for (const name of names) met[name] ??= recorded?.has(name) ?? true;
		return names.filter((name) => met[name]);
	}
}
