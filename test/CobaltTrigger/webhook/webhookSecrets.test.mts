/** By which secret a delivery is believed, and what it costs to find it out. */
import { describe, expect, it } from 'vitest';

import { credentialOf } from '../../Cobalt/setup.mts';
import { asked, deliver, keysOf, secretFor } from '../forgery/scene.mts';
import { atCobalt, minutes, play, webhook, type Scene } from '../setup.mts';

const DAY = 24 * 60;

const BY_HAND = { registration: 'manual' };

/** n8n's queue mode: a process that has never seen the secret, and static data that a worker has wiped. */
async function withoutSecret({ host }: Scene): Promise<string> {
	const { url } = await host.webhookProcess();
	await host.activate(webhook());
	host.workerWritesStaticData();
	return url();
}

describe('no secret is known', () => {
	it('accepts no delivery when Cobalt does not return the secret', async () => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			const url = await withoutSecret(scene);
			cobalt.faults.add({
				kind: 'status',
				status: 500,
				method: 'GET',
				path: '/webhook',
				times: 99,
			});
			const right = secretFor(scene, url);
			const before = asked(scene);
			for (const secret of [right, '', 'undefined', 'null', cobalt.keys.clientSecret]) {
				expect(await deliver(url, secret, 1)).toBe('401');
			}
			expect(asked(scene) - before).toBe(1);
			expect(host.executions).toEqual([]);

			cobalt.faults.clear();
			await minutes(1);
			expect(await deliver(url, right, 1)).toBe('200 accepted');
			expect(asked(scene) - before).toBe(2);
		});
	});

	it.each([
		{ secret: undefined },
		{ secret: null },
		{ secret: '' },
		{ secret: '  ' },
		{ secret: {} },
		{ secret: ['x'] },
		{ secret: false },
	])('accepts no delivery when Cobalt returns $secret as the secret', async ({ secret }) => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			const url = await withoutSecret(scene);
			const body = { success: true, webhook_urls: [], webhook_secret_key: secret };
			cobalt.faults.add({
				kind: 'status',
				status: 200,
				body,
				method: 'GET',
				path: '/webhook',
				times: 9,
			});
			for (const guess of ['', ' ', 'x', 'undefined', 'null', 'false', '{}', '[object Object]']) {
				expect(await deliver(url, guess, 1)).toBe('401');
			}
			expect(host.executions).toEqual([]);
		});
	});
});

describe('the webhook is registered by hand', () => {
	it('accepts what is signed with the secret of the credential, and asks nobody', async () => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			host.credential = { ...credentialOf(cobalt), webhookSecret: ' by hand\n' };
			await host.activate(webhook(BY_HAND));
			expect(await deliver(host.url(), 'by hand', 1)).toBe('200 accepted');
			expect(await deliver(host.url(), 'by hand', 1)).toBe('200 repeated');
			for (const guess of ['', 'by hand ', 'by', 'BY HAND', cobalt.keys.clientSecret]) {
				expect(await deliver(host.url(), guess, 2)).toBe('401');
			}
			expect(asked(scene)).toBe(0);
			expect(cobalt.world.webhooks()).toEqual([]);
		});
	});

	it('accepts nothing with a wrong secret, or none', async () => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			const { url } = await host.webhookProcess();
			host.credential = { ...credentialOf(cobalt), webhookSecret: 'wrong' };
			await host.activate(webhook(BY_HAND));
			expect(await deliver(url(), 'right', 1)).toBe('401');
			for (const webhookSecret of ['', '  ']) {
				host.credential = { ...credentialOf(cobalt), webhookSecret };
				for (const guess of ['', ' ', 'wrong', 'undefined', cobalt.keys.clientSecret]) {
					expect(await deliver(url(), guess, 1)).toBe('401');
				}
			}
			host.credential = { ...credentialOf(cobalt), webhookSecret: 'right' };
			expect(await deliver(url(), 'right', 1)).toBe('200 accepted');
			expect(asked(scene)).toBe(0);
			expect(cobalt.world.webhooks()).toEqual([]);
		});
	});
});

describe('the secret is rotated at Cobalt', () => {
	it('accepts the new secret after one request, and the old one for a day', async () => {
		await play(async (scene) => {
			const { host } = scene;
			await host.activate(webhook());
			const old = keysOf(scene).right;
			await atCobalt(scene, '/webhook/rotate-secret');
			const fresh = keysOf(scene).right;
			expect(fresh).not.toBe(old);
			const before = asked(scene);
			expect(await deliver(host.url(), fresh, 1)).toBe('200 accepted');
			expect(await deliver(host.url(), fresh, 2)).toBe('200 accepted');
			expect(await deliver(host.url(), old, 3)).toBe('200 accepted');
			await minutes(DAY - 1);
			expect(await deliver(host.url(), old, 4)).toBe('200 accepted');
			expect(await deliver(host.url(), fresh, 5)).toBe('200 accepted');
			expect(asked(scene) - before).toBe(1);
		});
	});

	it('accepts the new secret a minute later when forged calls came just before', async () => {
		await play(async (scene) => {
			const { host } = scene;
			await host.activate(webhook());
			const before = asked(scene);
			expect(await deliver(host.url(), 'guess', 1)).toBe('401');
			await atCobalt(scene, '/webhook/rotate-secret');
			const { right } = keysOf(scene);
			expect(await deliver(host.url(), right, 2)).toBe('401');
			expect(asked(scene) - before).toBe(1);
			await minutes(1);
			expect(await deliver(host.url(), right, 2)).toBe('200 accepted');
			expect(asked(scene) - before).toBe(2);
		});
	});

	it('accepts the new secret after a restart', async () => {
		await play(async (scene) => {
			const { host } = scene;
			await host.activate(webhook());
			const old = keysOf(scene).right;
			await atCobalt(scene, '/webhook/rotate-secret');
			await host.restart();
			expect(await deliver(host.url(), keysOf(scene).right, 1)).toBe('200 accepted');
			expect(await deliver(host.url(), old, 2)).toBe('200 accepted');
		});
	});

	it('makes one request for all deliveries that come at once', async () => {
		await play(async (scene) => {
			const { host, cobalt } = scene;
			await host.activate(webhook());
			await atCobalt(scene, '/webhook/rotate-secret');
			const { right } = keysOf(scene);
			const before = asked(scene);
			cobalt.faults.add({ kind: 'slow', ms: 1_000, method: 'GET', path: '/webhook' });
			const numbers = Array.from({ length: 50 }, (_, at) => at);
			const responses = await Promise.all(
				numbers.map(async (at) => await deliver(host.url(), at % 2 ? right : 'guess', at)),
			);
			expect(responses).toEqual(numbers.map((at) => (at % 2 ? '200 accepted' : '401')));
			expect(asked(scene) - before).toBe(1);
		});
	});
});

describe('the account has another webhook', () => {
	it.each(['account', 'each'] as const)(
		'accepts its own deliveries with a secret for %s',
		async (oneSecret) => {
			await play(
				async (scene) => {
					const { host } = scene;
					await atCobalt(scene, '/webhook', { webhook_url: 'https://elsewhere.example/hook' });
					await host.activate(webhook());
					const ours = secretFor(scene, host.url());
					const theirs = secretFor(scene, 'https://elsewhere.example/hook');
					expect(ours === theirs).toBe(oneSecret === 'account');
					expect(await deliver(host.url(), ours, 1)).toBe('200 accepted');
					await host.restart();
					expect(await deliver(host.url(), ours, 2)).toBe('200 accepted');
				},
				{ cobalt: { oneSecret } },
			);
		},
	);

	it.each([
		['account', '200 accepted'],
		['each', '401'],
	] as const)(
		'accepts its own deliveries when n8n has lost its secret, one for %s: %s',
		async (oneSecret, becomes) => {
			await play(
				async (scene) => {
					await atCobalt(scene, '/webhook', { webhook_url: 'https://elsewhere.example/hook' });
					const url = await withoutSecret(scene);
					expect(await deliver(url, secretFor(scene, url), 1)).toBe(becomes);
				},
				{ cobalt: { oneSecret } },
			);
		},
	);
});

describe('Cobalt is slow to return the secret', () => {
	it.each([2_000, 4_000, 60_000])(
		'answers within five seconds when Cobalt takes %d ms',
		async (ms) => {
			await play(async (scene) => {
				const { cobalt, host } = scene;
				await host.activate(webhook());
				cobalt.faults.add({ kind: 'slow', ms, method: 'GET', path: '/webhook', times: 9 });
				const start = Date.now();
				expect(await deliver(host.url(), 'guess', 1)).toBe('401');
				expect(Date.now() - start).toBeLessThan(4_000);
				expect(await deliver(host.url(), keysOf(scene).right, 2)).toBe('200 accepted');
			});
		},
	);
});
