/** What a caller can wear out who cannot sign. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { startHost } from '../../tools/n8n-host/host.mts';
import { cobaltForTest, credentialOf } from '../Cobalt/setup.mts';
import { callOf, originalOf, type Call, type Original } from './forgery/call.mts';
import { builtText, Deliveries } from './forgery/inside.mts';
import { asked, deliver, keysOf, responseSummary } from './forgery/scene.mts';
import { lines, send, sendRaw } from './forgery/send.mts';
import { minutes, play, webhook, type Scene } from './setup.mts';

const MEGABYTE = 1024 * 1024;

const guess = (): Original => originalOf(3, 1, { right: 'whsec_guess', wrong: [] });

async function responseTo({ host }: Scene, call: Call): Promise<string> {
	const agent = lines();
	const answer = await send(host.url(), call, agent);
	agent.destroy();
	return responseSummary(answer);
}

/** Slow to read for their size. */
const LARGE = {
	lists: () => `[${'{"a":[1,2]},'.repeat(160_000)}0]`,
	text: () => JSON.stringify({ x: '林'.repeat(4 * MEGABYTE) }),
	deep: () => '['.repeat(MEGABYTE) + ']'.repeat(MEGABYTE),
};

describe('very large calls', () => {
	it.each(Object.entries(LARGE))('refuses very large calls: %s', async (kind, body) => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			expect(await responseTo(scene, callOf(kind, guess(), { body: body() }))).toBe('401');
			expect(scene.host.executions).toEqual([]);
		});
	});

	it('parses a body once, while n8n can do nothing else', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			const body = LARGE.lists();
			const parse = vi.spyOn(JSON, 'parse');
			onTestFinished(() => {
				parse.mockRestore();
			});
			// n8n itself does not parse it.
			const headers = { 'content-type': 'text/plain' };
			expect(await responseTo(scene, callOf('text', guess(), { body, headers }))).toBe('401');
			const times = parse.mock.calls.filter(([text]) => text.length === body.length).length;
			expect(times).toBeLessThanOrEqual(1);
		});
	});

	it('never gets a body that n8n does not accept', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			const bomb = Buffer.alloc(40 * MEGABYTE, ' ');
			const headers = { 'content-encoding': 'gzip' };
			const call = callOf('bomb', guess(), { headers, wire: gzipSync(bomb), content: null });
			expect(await responseTo(scene, call)).toBe('500');
			expect(scene.host.log().filter(({ level }) => level === 'warn')).toEqual([]);
		});
	});
});

describe('an unreadable call', () => {
	/** n8n leaves the bodies of forms to the node. */
	const form = { 'content-type': 'multipart/form-data; boundary=x', 'content-encoding': 'gzip' };

	it('refuses an unreadable call as an error of its sender', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			const call = callOf('form', guess(), { headers: form });
			expect(await responseTo(scene, call)).toMatch(/^4/);
			const bomb = gzipSync(Buffer.alloc(40 * MEGABYTE, ' '));
			expect(
				await responseTo(scene, callOf('form', guess(), { headers: form, wire: bomb })),
			).toMatch(/^4/);
			expect(scene.host.executions).toEqual([]);
		});
	});

	it.each(['', 'text/plain', 'application/json', 'multipart/form-data'])(
		'refuses a call whose length is wrong (%s)',
		async (type) => {
			await play(async (scene) => {
				const { host } = scene;
				await host.activate(webhook());
				const { text, signature } = originalOf(3, 2, keysOf(scene));
				const url = new URL(host.url());
				const head = (length: string) =>
					`POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: ${type}\r\nCobalt-Verification: ${signature}\r\n${length}\r\n\r\n`;
				const size = Buffer.byteLength(text);
				for (const length of [`Content-Length: ${size + 10}`, `Content-Length: ${size - 10}`]) {
					expect(await sendRaw(url.href, head(length) + text)).not.toMatch(/^HTTP\/1.1 2/);
				}
				for (const length of [
					`Content-Length: ${size}\r\nContent-Length: 3`,
					`Content-Length: ${size}\r\nTransfer-Encoding: chunked`,
					'Content-Length: -1',
				]) {
					expect(await sendRaw(url.href, head(length) + text)).toMatch(/^HTTP\/1.1 400/);
				}
				await host.settled();
				expect(host.executions).toEqual([]);
				expect(await deliver(host.url(), keysOf(scene).right, 1)).toBe('200 accepted');
			});
		},
	);
});

describe('many calls', () => {
	it('asks Cobalt once a minute, however many calls come at once', async () => {
		await play(async (scene) => {
			const { host } = scene;
			await host.activate(webhook());
			const before = asked(scene);
			for (let minute = 0; minute < 10; minute += 1) {
				const calls = Array.from({ length: 40 }, async (_, at) => deliver(host.url(), 'guess', at));
				expect(new Set(await Promise.all(calls))).toEqual(new Set(['401']));
				await minutes(0.5);
			}
			expect(asked(scene) - before).toBe(5);
		});
	});

	it('starts one run for many simultaneous copies of a delivery', async () => {
		await play(async (scene) => {
			const { host } = scene;
			await host.activate(webhook());
			const { right } = keysOf(scene);
			const calls = Array.from({ length: 40 }, async () => deliver(host.url(), right, 1));
			const responses = await Promise.all(calls);
			await host.settled();
			expect(responses.filter((answer) => answer === '200 accepted')).toHaveLength(1);
			expect(responses.filter((answer) => answer === '200 repeated')).toHaveLength(39);
			expect(host.executions).toHaveLength(1);
		});
	});

	it('remembers at most 10,000 deliveries', () => {
		const deliveries = new Deliveries();
		const keys = Array.from({ length: 25_000 }, (_, at) => `key ${at}`);
		for (const key of keys) deliveries.add(key);
		const known = keys.filter((key) => deliveries.has(key));
		expect(known).toEqual(keys.slice(-10_000));
	});
});

describe('constant time', () => {
	it('compares digests with timingSafeEqual and nothing else', () => {
		const text = builtText('webhook/signature.js');
		expect(text).toMatch(/\btimingSafeEqual\)?\(expected, this\.received\)/);
		// What is compared otherwise: the kind of a value, what is not there, and an empty secret.
		const compared = text.match(/\S+ [!=]==? [^\s)]+/g) ?? [];
		const harmless = /^\(?(form|secret|header|given|text) [!=]== ('string'|undefined|'')$/;
		expect(
			compared.filter((comparison) => !harmless.test(comparison.replace('typeof ', ''))),
		).toEqual([]);
		expect(text).not.toMatch(/startsWith|localeCompare|indexOf|\.equals\(|\.compare\(/);
	});

	it('tries every secret and every form, whichever matches', () => {
		const text = builtText('webhook/signature.js');
		expect(text).not.toMatch(/\.some\(|\.find\(|\.every\(|\bbreak\b|\breturn true/);
	});
});

/** A Cobalt that sends its answer a bit at a time, and takes long. On the real clock. */
async function dripping(seconds: number): Promise<Server> {
	const server = createServer((_, response) => {
		response.writeHead(200, { 'content-type': 'application/json' });
		let left = seconds * 4;
		const timer = setInterval(() => {
			response.write(' ');
			left -= 1;
			if (left > 0) return;
			clearInterval(timer);
			response.end('{"success":true,"webhook_urls":[]}');
		}, 250);
		response.once('close', () => {
			clearInterval(timer);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return server;
}

describe('a response of Cobalt that trickles in', () => {
	it('answers a delivery within five seconds while a response of Cobalt trickles in', async () => {
		const cobalt = await cobaltForTest({ loopbackWebhooks: true });
		const host = await startHost({ credential: credentialOf(cobalt) });
		await host.activate(webhook());
		const server = await dripping(6);
		const { port } = server.address() as AddressInfo;
		host.credential = { ...host.credential, baseUrl: `http://127.0.0.1:${port}` };
		const start = performance.now();
		expect(await deliver(host.url(), 'guess', 1)).toBe('401');
		const seconds = (performance.now() - start) / 1000;
		expect(seconds).toBeLessThan(5);
	});
});
