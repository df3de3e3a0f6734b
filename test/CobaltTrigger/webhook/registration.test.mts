import { describe, expect, it } from 'vitest';

import {
	atCobalt,
	deliverChanges,
	minutes,
	patientUpdated,
	play,
	polling,
	emittedIds,
	webhook,
	type Scene,
} from '../setup.mts';

const registered = ({ cobalt }: Scene) => cobalt.world.webhooks().map(({ url }) => url);

const FOREIGN = 'https://somebody-else.example.com/hook';

/** Somebody else's registration, at the same account. */
async function registerForeign(scene: Scene): Promise<void> {
	await atCobalt(scene, '/webhook', { webhook_url: FOREIGN });
}

describe.each(['guide', 'example', 'schema'] as const)(
	'responses as in the %s',
	(webhookResponse) => {
		it('registers the address on activation, and removes it on deactivation', async () => {
			await play(
				async (scene) => {
					await registerForeign(scene);
					await scene.host.activate(webhook());
					expect(registered(scene)).toEqual([FOREIGN, scene.host.url()]);
					// Cobalt's GET tells only the secret of the first: ours must be known from the registration.
					await deliverChanges(scene, 'e1');
					expect(emittedIds(scene)).toEqual(['e1']);
					await scene.host.deactivate();
					expect(registered(scene)).toEqual([FOREIGN]);
				},
				{ cobalt: { webhookResponse } },
			);
		});
	},
);

describe('a registration', () => {
	it('registers once, though n8n asks again and again', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			await scene.host.restart();
			await scene.host.crash();
			expect(registered(scene)).toHaveLength(1);
			expect(scene.cobalt.world.requests({ method: 'POST', path: '/webhook' })).toHaveLength(1);
		});
	});

	it('replaces a registration whose response was lost, and makes no second one', async () => {
		await play(
			async (scene) => {
				scene.cobalt.faults.add({ kind: 'dropAfterAccept', method: 'POST', path: '/webhook' });
				await scene.host.activate(webhook());
				expect(registered(scene)).toEqual([scene.host.url()]);
				await deliverChanges(scene, 'e1');
				expect(emittedIds(scene)).toEqual(['e1']);
			},
			{ host: { persistent: true } },
		);
	});

	it('finds a registration by its address when n8n has lost its ID', async () => {
		await play(async (scene) => {
			await registerForeign(scene);
			await scene.host.activate(webhook());
			scene.host.workerWritesStaticData();
			await scene.host.crash();
			await deliverChanges(scene, 'e1');
			expect(emittedIds(scene)).toEqual(['e1']);
			scene.host.workerWritesStaticData();
			await scene.host.deactivate();
			expect(registered(scene)).toEqual([FOREIGN]);
		});
	});

	it('takes a registration that is gone at Cobalt as removed', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			scene.cobalt.faults.add({
				kind: 'status',
				status: 404,
				body: { success: false, message: 'Webhook not found' },
				method: 'DELETE',
			});
			await scene.host.deactivate();
			expect(scene.host.log().filter(({ level }) => level === 'error')).toEqual([]);
		});
	});

	it('removes the registration when the mode changes to polling, and loses nothing in between', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			await deliverChanges(scene, 'e1');
			await scene.host.update(polling());
			expect(registered(scene)).toEqual([]);
			await deliverChanges(scene, 'e2');
			await scene.host.runFor(1);
			await deliverChanges(scene, 'e3');
			await scene.host.update(webhook());
			await deliverChanges(scene, 'e4');
			await scene.host.runFor(2);
			expect(emittedIds(scene).sort()).toEqual(['e1', 'e2', 'e3', 'e4']);
		});
	});

	it('renews the registration when the trigger is edited, and emits what happens meanwhile', async () => {
		let current: Scene | undefined;
		await play(
			async (scene) => {
				await scene.host.activate(webhook());
				await deliverChanges(scene, 'e1');
				current = scene;
				await scene.host.update(webhook({ output: 'raw' }));
				current = undefined;
				await deliverChanges(scene, 'e2');
				await scene.host.runFor(2);
				expect(emittedIds(scene).sort()).toEqual(['e1', 'e2', 'meanwhile']);
			},
			{
				cobalt: {
					onRequest: ({ method }) => {
						if (method === 'DELETE') current?.cobalt.world.addEvent(patientUpdated('meanwhile'));
					},
				},
			},
		);
	});
});

describe('a refused activation, with the reason and the way out,', () => {
	const publicCobalt = { baseUrl: 'https://cobalt.example.com' };

	it.each([
		['http://localhost:5678/', 'it is only available in your own network'],
		['https://n8n.local/', 'it is only available in your own network'],
		['https://192.168.1.20/', 'it is only available in your own network'],
		['http://n8n.example.com/', 'it does not start with https://'],
	])('refuses to activate for %s', async (publicUrl, reason) => {
		await play(
			async (scene) => {
				scene.host.credential = { ...scene.host.credential, ...publicCobalt };
				const refused = scene.host.activate(webhook({ recoverMissedEvents: false }));
				await expect(refused).rejects.toThrow(reason);
				expect(scene.cobalt.world.requests()).toEqual([]);
			},
			{ host: { publicUrl } },
		);
	});

	it('refuses to activate where the account may not register webhooks', async () => {
		await play(async (scene) => {
			scene.cobalt.world.settings.mayUseWebhooks = false;
			await expect(scene.host.activate(webhook())).rejects.toMatchObject({
				message: expect.stringContaining('Cobalt does not allow this request') as string,
				description: expect.stringContaining("set 'Webhook Registration' to 'Manual'") as string,
			});
		});
	});

	it('refuses to activate a manual registration without its secret', async () => {
		await play(async (scene) => {
			await expect(scene.host.activate(webhook({ registration: 'manual' }))).rejects.toThrow(
				"'Webhook Secret' in the Cobalt credential is empty",
			);
		});
	});
});

it('works with a manual registration and the secret in the credential, and changes nothing at Cobalt', async () => {
	await play(async (scene) => {
		const file = webhook({ registration: 'manual' });
		const url = scene.host.url(file);
		const response = await atCobalt(scene, '/webhook', { webhook_url: url });
		const webhookSecret = String(response.webhook_secret_key);
		scene.host.credential = { ...scene.host.credential, webhookSecret };
		const before = scene.cobalt.world.requests({ path: '/webhook' }).length;
		await scene.host.activate(file);
		await deliverChanges(scene, 'e1');
		await scene.host.restart();
		await deliverChanges(scene, 'e2');
		await scene.host.deactivate();
		expect(emittedIds(scene)).toEqual(['e1', 'e2']);
		expect(scene.cobalt.world.requests({ path: '/webhook' })).toHaveLength(before);
		await minutes(1);
	});
});
