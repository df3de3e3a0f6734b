import { expect, it } from 'vitest';

import type { Send } from '../../../nodes/shared/http/client.js';
import { ids, idsSince, readerOf } from './logReading.mts';
import { entries, SimulatedLog, T0, type PageInfo } from './simulatedLog.mts';

it.each<PageInfo>(['all', 'total', 'pages', 'nothing'])(
	'finds its place among 30,000 events in few requests (%s)',
	async (pageInfo) => {
		const log = new SimulatedLog(entries(30_000), { pageInfo });
		const reader = readerOf(log.send);
		expect((await idsSince(reader, T0 + 29_990_000)).slice(-10)).toEqual(ids(entries(10, 29_990)));
		expect(log.requests.length).toBeLessThan(25);
	},
);

it('reads 300,000 events on one page', async () => {
	const webhook_events = entries(300_000).map(({ id, timestamp }) => ({
		id,
		created: new Date(timestamp).toISOString(),
	}));
	const response = { webhook_events, pagination: { total_pages: 1 } };
	const send: Send = async () => Promise.resolve(response);
	expect(await idsSince(readerOf(send), T0)).toHaveLength(300_000);
	expect((await readerOf(send).last(T0)).events).toHaveLength(300_000);
});
