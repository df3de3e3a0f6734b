import { describe, expect, it } from 'vitest';

import { Secrets } from '../../../nodes/CobaltTrigger/webhook/secrets.js';

const HOUR = 3_600_000;

describe('the secrets', () => {
	it('keeps the last four secrets, the newest first', () => {
		const secrets = new Secrets();
		for (const secret of ['a', 'b', 'c', 'b', 'd', 'e']) secrets.add(secret);
		expect(secrets.at(0)).toEqual(['e', 'd', 'b', 'c']);
	});

	it('drops older secrets a day after a newer one has signed, even if they still sign', () => {
		const secrets = new Secrets();
		secrets.add('old');
		secrets.markUsed('old', 0);
		secrets.add('new');
		secrets.markUsed('new', HOUR);
		secrets.markUsed('old', 20 * HOUR);
		secrets.markUsed('new', 24 * HOUR);
		expect(secrets.at(25 * HOUR - 1)).toEqual(['new', 'old']);
		expect(secrets.at(25 * HOUR)).toEqual(['new']);
	});

	it('does not restore saved secrets that have expired', () => {
		const secrets = new Secrets();
		secrets.restore('old');
		secrets.add('new');
		secrets.markUsed('new', 0);
		secrets.restore('old');
		expect(secrets.at(24 * HOUR)).toEqual(['new']);
		// Cobalt says itself that it is the one.
		secrets.add('old');
		expect(secrets.at(24 * HOUR)).toEqual(['old', 'new']);
	});

	it('does not expire secrets because Cobalt tells one of somebody else, which never signs', () => {
		const secrets = new Secrets();
		secrets.replace('ours');
		secrets.add('theirs');
		secrets.markUsed('ours', 0);
		expect(secrets.at(1000 * HOUR)).toEqual(['theirs', 'ours']);
	});

	it('drops old secrets at once with a new registration', () => {
		const secrets = new Secrets();
		secrets.add('old');
		secrets.replace('new');
		expect(secrets.at(0)).toEqual(['new']);
	});

	it('asks for the secrets once for many simultaneous calls, and then not for a minute', async () => {
		const secrets = new Secrets();
		let asked = 0;
		const ask = async () => {
			asked += 1;
			await new Promise((resolve) => setImmediate(resolve));
			return `secret ${asked}`;
		};
		const all = async (now: number) => {
			await Promise.all(
				Array.from({ length: 500 }, async () => {
					await secrets.refresh(now, ask);
				}),
			);
		};
		await all(0);
		expect([asked, secrets.at(0)]).toEqual([1, ['secret 1']]);
		await all(59_999);
		expect(asked).toBe(1);
		await all(60_000);
		expect([asked, secrets.at(0)]).toEqual([2, ['secret 2', 'secret 1']]);
	});

	it('keeps the secrets when Cobalt does not return any', async () => {
		const secrets = new Secrets();
		secrets.add('a');
		await secrets.refresh(0, async () => Promise.resolve(undefined));
		expect(secrets.at(0)).toEqual(['a']);
	});

	it('asks for the secrets again after Cobalt could not be asked', async () => {
		const secrets = new Secrets();
		const fails = async () => Promise.reject(new Error('No connection'));
		await expect(secrets.refresh(0, fails)).rejects.toThrow('No connection');
		await secrets.refresh(30_000, fails);
		await secrets.refresh(60_000, async () => Promise.resolve('new'));
		expect(secrets.at(0)).toEqual(['new']);
	});
});
