import { expect } from 'vitest';

import type { Cobalt, CobaltOptions, LoggedRequest } from '../../../../tools/fake-cobalt/index.mts';
import type { Ended } from '../../../../tools/n8n-host/workflow.mts';
import { connect } from '../../../fake-cobalt/setup.mts';
import { cobaltForTest, run } from '../../setup.mts';

/** An account with a visit in June and a webhook, which no seed has. */
export async function busyCobalt(options?: CobaltOptions): Promise<Cobalt> {
	const cobalt = await cobaltForTest(options);
	expect((await run(cobalt)).error).toBeUndefined();
	await connect(cobalt).post('/webhook', { webhook_url: 'https://example.com/first' });
	return cobalt;
}

/** What a run gave, and which requests it made. */
export async function watched(
	cobalt: Cobalt,
	work: () => Promise<Ended>,
): Promise<{ ended: Ended; requests: LoggedRequest[] }> {
	const before = cobalt.world.requests().length;
	const ended = await work();
	return { ended, requests: cobalt.world.requests().slice(before) };
}

/** Seconds between the first of these requests and each of them. */
export function secondsOf(requests: LoggedRequest[]): number[] {
	const start = requests[0]?.at ?? 0;
	return requests.map(({ at }) => Math.round((at - start) / 1000));
}
