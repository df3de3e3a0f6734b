/** Nothing stays registered that nobody uses: it would get patient data for ever. */
import { describe, expect, it } from 'vitest';

import { play, emittedIds, deliverChanges, webhook, type Scene } from '../setup.mts';

const registered = ({ cobalt }: Scene) => cobalt.world.webhooks().map(({ url }) => url);

/** How often Cobalt was asked about webhooks. */
const asked = ({ cobalt }: Scene) => cobalt.world.requests({ path: '/webhook' }).length;

const warnings = ({ host }: Scene) =>
	host
		.log()
		.filter(({ level }) => level === 'warn')
		.map(({ message }) => message);

describe.each(['sent', 'normalized'] as const)('Cobalt spells an address as %s', (webhookUrls) => {
	it.each([
		['https://N8N.Example.com:443', 'guide'],
		['https://N8N.Example.com:443', 'schema'],
		['https://n8n.example.com./', 'guide'],
		['https://Bücher.example/n8n/', 'guide'],
		['https://n8n.example.com//n8n', 'example'],
	] as const)(
		'registers %s once, whatever happens (responses as in the %s)',
		async (publicUrl, webhookResponse) => {
			await play(
				async (scene) => {
					const { host } = scene;
					await host.activate(webhook());
					await host.restart();
					host.workerWritesStaticData();
					await host.crash();
					await host.restart();
					expect(registered(scene)).toHaveLength(1);
					host.workerWritesStaticData();
					await host.deactivate();
					expect(registered(scene)).toEqual([]);
				},
				{ host: { publicUrl }, cobalt: { webhookUrls, webhookResponse } },
			);
		},
	);
});

describe('a registration that is given up', () => {
	it.each(['guide', 'example'] as const)(
		'removes a registration without a secret each time, and n8n says what is missing (%s)',
		async (webhookResponse) => {
			await play(
				async (scene) => {
					const failed = scene.host.activate(webhook());
					await expect(failed).rejects.toThrow('did not return its signing secret. Ask Cobalt');
					expect(registered(scene)).toEqual([]);
					expect(scene.cobalt.world.requests({ method: 'POST', path: '/webhook' })).toHaveLength(5);
				},
				{ host: { persistent: true }, cobalt: { webhookResponse, showsSecrets: false } },
			);
		},
	);

	it('reports a registration without an ID', async () => {
		await play(async (scene) => {
			const body = { success: true, webhook_urls: [], webhook_secret_key: 'whsec_1' };
			scene.cobalt.faults.add({
				kind: 'status',
				status: 200,
				body,
				method: 'GET',
				path: '/webhook',
				times: 99,
			});
			await expect(scene.host.activate(webhook())).rejects.toThrow('did not return its ID');
		});
	});

	it('removes a registration whose response never came', async () => {
		await play(
			async (scene) => {
				scene.cobalt.faults.add({
					kind: 'dropAfterAccept',
					method: 'POST',
					path: '/webhook',
					times: 99,
				});
				await expect(scene.host.activate(webhook())).rejects.toThrow(
					'was lost before a response arrived',
				);
				expect(registered(scene)).toEqual([]);
			},
			{ host: { persistent: true } },
		);
	});
});

describe('requests that are not made', () => {
	it('asks Cobalt nothing when an activation is refused and nothing was registered', async () => {
		await play(
			async (scene) => {
				scene.host.credential = { ...scene.host.credential, clientSecret: 'wrong' };
				await expect(scene.host.activate(webhook())).rejects.toThrow('rejected the keys');
				// Once in each of the five tries, before anything is registered.
				expect(asked(scene)).toBe(5);
				scene.host.credential = { ...scene.host.credential, baseUrl: 'https://cobalt.example.com' };
				await scene.host.deactivate();
				expect(asked(scene)).toBe(5);
			},
			{ host: { persistent: true } },
		);
	});

	it('reports at once an address that cannot be reached, without asking Cobalt what happened', async () => {
		await play(
			async (scene) => {
				const since = Date.now();
				scene.host.credential = { ...scene.host.credential, baseUrl: 'https://cobalt.example.com' };
				await expect(scene.host.activate(webhook())).rejects.toThrow(
					/your own network\. .*WEBHOOK_URL.*Polling/,
				);
				expect(Date.now() - since).toBeLessThan(16_000);
				expect(scene.cobalt.world.requests()).toEqual([]);
			},
			{ host: { persistent: true, publicUrl: 'https://n8n.local/' } },
		);
	});
});

it('misses nothing after an activation that succeeds on the second attempt', async () => {
	await play(
		async (scene) => {
			const body = { success: false, message: 'Not yet.' };
			scene.cobalt.faults.add({
				kind: 'status',
				status: 403,
				body,
				method: 'POST',
				path: '/webhook',
			});
			await scene.host.activate(webhook());
			scene.cobalt.webhookSender.plan({ isNever: true });
			await deliverChanges(scene, 'e1');
			await scene.host.runFor(2);
			expect(emittedIds(scene)).toEqual(['e1']);
		},
		{ host: { persistent: true } },
	);
});

it('logs the old address when the address has changed', async () => {
	await play(async (scene) => {
		const { host } = scene;
		await host.activate(webhook());
		const [old = ''] = registered(scene);
		const id = scene.cobalt.world.webhooks()[0]?.id ?? '';
		await host.moveTo('https://new.example.com/');
		expect(registered(scene)).toHaveLength(2);
		expect(warnings(scene).join()).toContain(`Its old URL ${old} is still registered`);
		expect(warnings(scene).join()).toContain(`(ID ${id})`);
	});
});
