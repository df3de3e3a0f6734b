import dns from 'node:dns/promises';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import { temporaryFolder } from '../../tools/n8n/temporaryFolder.mts';
import { openCobalt } from '../fake-cobalt/setup.mts';

const folder = temporaryFolder('virtual-time-');
afterAll(() => {
	folder.remove();
});

const seconds = async (count: number): Promise<void> =>
	new Promise((resolve) => setTimeout(resolve, count * 1000));

it('starts at the given time, and passes an hour without real waiting', async () => {
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
});

it('advances while a server is slow to respond', async () => {
	const { cobalt, client } = await openCobalt({ latencyMs: 2000 });
	const settings = async () => await client.get('/settings');
	const passed = await inVirtualTime(
		async () => {
			const start = Date.now();
			await Promise.all([settings(), settings(), settings()]);
			await settings();
			return Date.now() - start;
		},
		() => cobalt.faults.heldBack,
	);
	expect(passed).toBe(4000);
});

const works = {
	'opens, writes and closes a file': async () => {
		const file = await fs.open(join(folder.path, 'file'), 'w');
		await file.write('x');
		await file.close();
	},
	'looks up a name': async () => {
		await dns.lookup('localhost');
	},
};

describe.each(Object.entries(works))('an asynchronous call that %s', (_name, work) => {
	it('stops the clock during the call even if a timer waits', async () => {
		const passed = await inVirtualTime(async () => {
			const start = Date.now();
			const deadline = setTimeout(() => undefined, 1000);
			for (let time = 0; time < 50; time += 1) await work();
			clearTimeout(deadline);
			return Date.now() - start;
		});
		expect(passed).toBe(0);
	});
});
