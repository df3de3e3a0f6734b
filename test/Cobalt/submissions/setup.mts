import type { Identity } from '../../../nodes/Cobalt/submissions/identity.js';
import { SubmissionStore, type Entry } from '../../../nodes/Cobalt/submissions/submissionStore.js';

export const SUBMITTED = {
	state: 'submitted' as const,
	receipt: { jobId: '67890', recordId: 'abc123' },
	sentAt: 1_741_608_000_000,
} satisfies Entry;

export const FAILED: Entry = { ...SUBMITTED, state: 'failed' };

export const SENDING: Entry = { state: 'sending', sentAt: 1 };

/** As n8n saves the context with the execution and reads it back for a retry. */
export const saved = (context: Record<string, unknown>) =>
	JSON.parse(JSON.stringify(context)) as Record<string, unknown>;

/** Items with their requests: 'a' is an item, 'a>b' one of which b is sent. */
export const identities = (...texts: string[]): Identity[] =>
	texts.map((text, index) => {
		const [item = '', request] = text.split('>');
		return { index, item, ...(request !== undefined && { request }) };
	});

/** A store of a run, begun with these items. */
export function begun(context: Record<string, unknown>, run: number, ...items: string[]) {
	const store = new SubmissionStore(context, run);
	const keys = store.assign(identities(...items)).map(({ key }) => key);
	store.begin();
	return { store, keys };
}
