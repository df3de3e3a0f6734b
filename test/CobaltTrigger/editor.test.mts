import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';

import { minutes, patientUpdated, play, polling, webhook } from './setup.mts';

/** Somebody else at the address that n8n takes for its own. */
async function stranger(answer: (request: IncomingMessage, response: ServerResponse) => void) {
	const calls: string[] = [];
	const server = createServer((request, response) => {
		let text = `${request.method ?? ''} ${request.url ?? ''} ${JSON.stringify(request.headers)} `;
		request.on('data', (chunk: Buffer) => (text += chunk.toString()));
		request.on('end', () => {
			calls.push(text);
			answer(request, response);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}`, calls };
}

describe('Execute step', () => {
	it.each([
		['polling', polling],
		['webhook', webhook],
	])('gives a real, recent event in the mode %s, and changes no state', async (_, file) => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			cobalt.world.addEvent(patientUpdated('e1'));
			await minutes(5);
			cobalt.world.addEvent(patientUpdated('e2'));
			cobalt.world.addEvent({ type: 'task.created', jobId: '1' });
			await minutes(5);
			await host.activate(file());
			const { saved } = host;
			const registered = cobalt.world.webhooks();
			const ended = await host.testStep(file());
			expect(ended?.error?.message).toBeUndefined();
			expect(ended?.json('Trigger').map(({ event_id }) => event_id)).toEqual(['e2']);
			// Again: it is not a repetition.
			const again = await host.testStep(file());
			expect(again?.json('Trigger').map(({ event_id }) => event_id)).toEqual(['e2']);
			expect(host.saved).toBe(saved);
			expect(cobalt.world.webhooks()).toEqual(registered);
			expect(host.executions).toEqual([]);
			cobalt.world.addEvent(patientUpdated('e3'));
			await cobalt.delivered();
			await host.runFor(2);
			expect(host.executions.map((run) => run.json('After')[0]?.event_id)).toEqual(['e3']);
		});
	});

	it('says what to do where no event matches, when polling', async () => {
		await play(async (scene) => {
			const ended = await scene.host.testStep(polling());
			expect(ended?.error?.message).toBe('No recent event matches this trigger');
			expect(ended?.error?.description).toContain('Change something in the EHR');
		});
	});

	it('waits for Cobalt in webhook mode where no event matches, and leaves nothing behind', async () => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			const testing = host.testStep(webhook());
			await minutes(0.5);
			expect(cobalt.world.webhooks().map(({ url }) => url)).toEqual([host.testUrl(webhook())]);
			cobalt.world.addEvent({ type: 'task.created', jobId: '1' });
			await minutes(0.1);
			cobalt.world.addEvent(patientUpdated('e1'));
			const ended = await testing;
			expect(ended?.json('Trigger').map(({ event_id }) => event_id)).toEqual(['e1']);
			expect(cobalt.world.webhooks()).toEqual([]);
		});
	});

	it('leaves the active trigger as it is, whose sweep still reads failed deliveries only', async () => {
		await play(async ({ cobalt, host }) => {
			await host.activate(webhook());
			const testing = host.testStep(webhook());
			await minutes(0.1);
			await host.cancelTest();
			await testing;
			const before = cobalt.world.requests({ path: '/webhook-events' }).length;
			await host.runFor(3);
			const queries = cobalt.world.requests({ path: '/webhook-events' }).slice(before);
			expect(queries.map(({ query }) => query.status)).toEqual(['failed', 'failed', 'failed']);
		});
	});

	it.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
		['404', (_, response) => response.writeHead(404).end('{"message":"Not here"}')],
		['200', (_, response) => response.end('{}')],
		[
			'200 with the number itself',
			(request, response) =>
				response.end(JSON.stringify({ proof: request.headers['cobalt-probe'] })),
		],
		['200 without JSON', (_, response) => response.end('proof')],
		['a redirect', (_, response) => response.writeHead(307, { location: '/elsewhere' }).end()],
	])(
		'accepts no test call from somebody who answers %s, only a delivery from Cobalt',
		async (_, answer) => {
			const { url, calls } = await stranger(answer);
			await play(
				async ({ cobalt, host }) => {
					cobalt.world.addEvent(patientUpdated('e1'));
					const testing = host.testStep(webhook());
					await minutes(0.5);
					expect(cobalt.world.webhooks()[0]?.url).toMatch(`${url}/webhook-test/`);
					await host.cancelTest();
					await testing;
					expect(calls.filter((call) => call.startsWith('POST /webhook-test/'))).toHaveLength(1);
					expect(calls.filter((call) => /patient|Byron|elsewhere/.test(call))).toEqual([]);
					expect(cobalt.world.webhooks()).toEqual([]);
				},
				{ host: { publicUrl: url } },
			);
		},
	);

	it('registers no test address where others could read the data on the way', async () => {
		await play(
			async ({ cobalt, host }) => {
				cobalt.world.addEvent(patientUpdated('e1'));
				// Cobalt does not take such an address either.
				await expect(host.testStep(webhook())).rejects.toThrow('Expected an https URL');
				// Nothing was tried: not even an event was read.
				expect(cobalt.world.requests({ path: '/webhook-events' })).toEqual([]);
			},
			{ host: { publicUrl: 'http://n8n.example.com/' } },
		);
	});

	it('asks Cobalt nothing about webhooks when it has found an event', async () => {
		await play(async ({ cobalt, host }) => {
			cobalt.world.addEvent(patientUpdated('e1'));
			await host.testStep(webhook());
			expect(cobalt.world.requests({ path: '/webhook' })).toEqual([]);
		});
	});

	it('leaves nothing behind when a test is given up', async () => {
		await play(async ({ cobalt, host }) => {
			const testing = host.testStep(webhook());
			await minutes(0.1);
			await host.cancelTest();
			expect(await testing).toBeUndefined();
			expect(cobalt.world.webhooks()).toEqual([]);
		});
	});
});
