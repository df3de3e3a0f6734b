/** Secrets that are good for nothing any more. */
import { describe, expect, it } from 'vitest';

import { credentialOf } from '../../Cobalt/setup.mts';
import { deliver, keysOf } from '../forgery/scene.mts';
import { atCobalt, minutes, play, webhook } from '../setup.mts';

const DAY = 24 * 60;

describe('an old secret', () => {
	it('accepts an old secret no longer than Cobalt signs with it', async () => {
		await play(async (scene) => {
			const { host } = scene;
			await host.activate(webhook());
			const old = keysOf(scene).right;
			await atCobalt(scene, '/webhook/rotate-secret');
			expect(await deliver(host.url(), keysOf(scene).right, 1)).toBe('200 accepted');
			await minutes(2 * DAY);
			expect(await deliver(host.url(), old, 2)).toBe('401');
		});
	});

	it('forgets an old secret with the registration', async () => {
		await play(async (scene) => {
			const { host } = scene;
			await host.activate(webhook());
			const old = keysOf(scene).right;
			await host.deactivate();
			await host.activate(webhook());
			expect(keysOf(scene).right).not.toBe(old);
			expect(await deliver(host.url(), old, 1)).toBe('401');
		});
	});

	it('refuses a manual secret once the credential has another one', async () => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			host.credential = { ...credentialOf(cobalt), webhookSecret: 'leaked' };
			await host.activate(webhook({ registration: 'manual' }));
			host.credential = { ...credentialOf(cobalt), webhookSecret: 'better' };
			expect(await deliver(host.url(), 'better', 1)).toBe('200 accepted');
			expect(await deliver(host.url(), 'leaked', 2)).toBe('401');
		});
	});
});
