import { createServer } from 'node:http';
import { expect, it } from 'vitest';

import { inVirtualTime } from '../../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, startWorkflow } from '../../../tools/n8n-host/workflow.mts';
import {
	bookings,
	cobaltForTest,
	CREATE,
	credentialOf,
	retry,
	run,
	submissions,
} from '../../Cobalt/setup.mts';
import { listen } from '../../listen.mts';
import { openElsewhere } from './elsewhere.mts';

it.each([301, 302, 303, 307, 308] as const)(
	'does not follow a redirect (%d) with the keys',
	async (status) => {
		const { location, visitors } = await openElsewhere();
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'redirect', status, location, path: '/appointments' });
		const { error } = await run(cobalt);
		expect(error?.message).toContain(`HTTP ${status}`);
		expect(visitors).toEqual([]);
		expect(submissions(cobalt)).toBe(1);
	},
);

it('requests JSON and sends the three keys with every request', async () => {
	const cobalt = await cobaltForTest();
	await run(cobalt);
	for (const { headers } of cobalt.world.requests()) {
		expect(headers).toMatchObject({
			accept: 'application/json',
			client_id: cobalt.keys.clientId,
			client_secret: cobalt.keys.clientSecret,
			access_token: cobalt.keys.accessToken,
		});
	}
	expect(cobalt.world.requests({ method: 'POST' })[0]?.headers['content-type']).toContain(
		'application/json',
	);
});

it('stops waiting after a minute of real time, and leaves the outcome unknown', async () => {
	const cobalt = await cobaltForTest();
	cobalt.faults.add({ kind: 'slow', ms: 70_000, path: '/appointments' });
	const file = cobaltWorkflow(CREATE, { items: bookings(1) });
	const { error } = await startWorkflow(file, { credential: credentialOf(cobalt) }).result;
	expect(error?.message).toBe(
		'Appointment: Create may or may not have reached Cobalt: Cobalt did not respond within 60 seconds [item 0]',
	);
	expect(cobalt.world.appointments()).toHaveLength(1);
}, 80_000);

/** n8n waits forever for the rest of such an answer, or for an error. */
const SWITCHED = {
	kind: 'statusAfterAccept',
	status: 101,
	headers: { connection: 'upgrade', upgrade: 'websocket' },
} as const;

it('stops waiting for a booking after HTTP 101, and leaves the outcome unknown', async () => {
	const cobalt = await cobaltForTest();
	cobalt.faults.add({ ...SWITCHED, path: '/appointments' });
	const stopped = await run(cobalt);
	expect(stopped.error?.message).toContain('Cobalt did not respond within 300 seconds');
	const again = await retry(cobalt, stopped);
	expect(again.error?.message).toContain('may or may not have reached Cobalt');
	expect(submissions(cobalt)).toBe(1);
});

it('stops waiting for a file that stops in the middle', async () => {
	const stalling = createServer((_request, response) => {
		response.writeHead(200, { 'content-type': 'application/pdf', 'content-length': '9' });
		response.write('%PDF');
	});
	const parameters = { resource: 'document', operation: 'download', documentId: 'letter' };
	const credential = {
		...credentialOf(await cobaltForTest()),
		baseUrl: `http://127.0.0.1:${await listen(stalling)}`,
	};
	const { error } = await inVirtualTime(
		async () => await startWorkflow(cobaltWorkflow(parameters), { credential }).result,
		() => 4,
	);
	expect(error?.message).toContain('Cobalt did not respond within 300 seconds');
});
