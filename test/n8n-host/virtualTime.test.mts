import { expect, it } from 'vitest';

import { open } from '../../tools/fake-cobalt/server/connect.mts';
import { inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';

const seconds = async (count: number): Promise<void> =>
	new Promise((resolve) => setTimeout(resolve, count * 1000));

it('begins when it is told to, and passes in no time', async () => {
	const realStart = performance.now();
	const times = await inVirtualTime(
		async () => {
			const start = new Date();
			await seconds(3600);
			return [start.toISOString(), new Date().toISOString()];
		},
		undefined,
		'2025-03-09T06:59:00Z',
	);
	expect(times).toEqual(['2025-03-09T06:59:00.000Z', '2025-03-09T07:59:00.000Z']);
	expect(performance.now() - realStart).toBeLessThan(60_000);
});

it('moves on while a server takes its time to answer', async () => {
	const { cobalt, client } = await open({ latencyMs: 2000 });
	const settings = async () => await client.get('/settings');
	const passed = await inVirtualTime(
		async () => {
			const start = Date.now();
			await Promise.all([settings(), settings(), settings()]);
			await settings();
			return Date.now() - start;
		},
		() => cobalt.faults.asleep,
	);
	expect(passed).toBe(4000);
});
