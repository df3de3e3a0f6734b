import type { ItemInput } from '../parameters/itemInput';
import type { ItemContext } from '../run/itemFailure';
import { cancelledBeforeRead, readFailed } from '../run/requestFailures';
import type { Output, Result } from '../run/result';
import type { Run } from '../run/run';

/** Reads for one item when its account has a free slot, unless the run has ended by then. Never throws. */
export async function readInSlot(
	{ signal }: Run,
	{ account }: ItemInput,
	itemContext: ItemContext,
	read: () => Promise<Output[]>,
): Promise<Result> {
	try {
		const outputs = await account.limit(async () => (signal.aborted ? [] : await read()));
		if (!signal.aborted) return { status: 'succeeded', outputs, isWritten: false };
	} catch (error) {
		if (!signal.aborted) return { status: 'failed', failure: readFailed(itemContext, error) };
	}
	return { status: 'cancelled', failure: cancelledBeforeRead(itemContext) };
}
