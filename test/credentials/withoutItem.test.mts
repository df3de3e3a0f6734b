/** Where n8n has no item to resolve an expression in the credential with. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { testCredential } from '../../tools/n8n-host/credentialTest.mts';
import { loadOptions, searchList } from '../../tools/n8n-host/picker.mts';
import { cobaltForTest, credentialOf, run } from '../Cobalt/setup.mts';
import { patientUpdated, play, polling, emitted, webhook } from '../CobaltTrigger/setup.mts';

const UNRESOLVED = "'Access Token' in the Cobalt credential is empty";

const LACKING: ICredentialDataDecryptedObject[] = [
	'={{ $json.token }}',
	'={{ $json.keys.token.trim() }}',
	'={{ $("Clinics").item.json.token }}',
	'={{ $input.item.json.token }}',
].map((accessToken) => ({ accessToken }));

const variables = { token: '493FAKE89789hLKH' };

const KNOWN = { accessToken: '={{ $vars.token }}' };

describe('a list to pick from', () => {
	it.each(LACKING)('reports in a list that there is no item for %j', async (fields) => {
		const cobalt = await cobaltForTest();
		const credential = { ...credentialOf(cobalt), ...fields };
		for (const opened of [
			searchList('providersByEhrId', { credential }),
			loadOptions('locationsById', { credential }),
		]) {
			await expect(opened).rejects.toMatchObject({
				message: UNRESOLVED,
				description: expect.stringContaining('have no item') as string,
			});
		}
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('opens a list with a credential that uses $vars', async () => {
		const cobalt = await cobaltForTest();
		const credential = { ...credentialOf(cobalt), ...KNOWN };
		const { results } = await searchList('providersByEhrId', { credential, variables });
		expect(results).not.toEqual([]);
	});
});

describe.each([
	['polling', polling],
	['webhook', webhook],
])('a trigger in the mode %s', (_, file) => {
	it.each(LACKING)('does not activate with a credential that needs an item: %j', async (fields) => {
		await play(async ({ cobalt, host }) => {
			host.credential = { ...host.credential, ...fields };
			await expect(host.activate(file())).rejects.toThrow(UNRESOLVED);
			const ended = await host.testStep(file()).catch((error: unknown) => ({ error }));
			expect((ended?.error as Error).message).toContain('in the Cobalt credential');
			expect(cobalt.world.requests()).toEqual([]);
		});
	});

	it('activates with a credential that uses $vars', async () => {
		await play(
			async (scene) => {
				const { cobalt, host } = scene;
				host.credential = { ...host.credential, ...KNOWN };
				await host.activate(file());
				cobalt.world.addEvent(patientUpdated('e1'));
				await cobalt.delivered();
				await host.runFor(2);
				expect(emitted(scene).map(({ event_id }) => event_id)).toEqual(['e1']);
			},
			{ host: { variables } },
		);
	});
});

it.each([
	[{ accessToken: '' }, UNRESOLVED],
	[{ clientId: '={{ $json.id }}' }, "'Client ID' in the Cobalt credential is an expression"],
])('names in the connection test the field that needs an item: %j', async (fields, message) => {
	const cobalt = await cobaltForTest();
	const result = await testCredential({ ...credentialOf(cobalt), ...fields });
	expect(result).toEqual({ status: 'Error', message: expect.stringContaining(message) as string });
	expect(cobalt.world.requests()).toEqual([]);
});

it('activates without a webhook secret where none is needed', async () => {
	const cobalt = await cobaltForTest();
	const ended = await run(cobalt, { credential: { webhookSecret: '={{ $json.nope }}' } });
	expect(ended.error).toBeUndefined();
});
