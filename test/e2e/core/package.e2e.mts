import { describe, expect, it } from 'vitest';

import { sceneOfFile } from '../scene.mts';

/** The paths in those of n8n's own errors have our name in them. */
const STACK_FRAME = /^\s+at /;

const scene = sceneOfFile();

describe('the installed package', () => {
	it('is listed among the community nodes, and has loaded', async () => {
		const packages = await scene.stage.session.get<object[]>('/community-packages');
		expect(packages).toEqual([expect.objectContaining({ packageName: 'n8n-nodes-cobalt' })]);
		expect(packages).not.toContainEqual(expect.objectContaining({ failedLoading: true }));
	});

	it("loads without a warning or error in n8n's log", () => {
		const lines = scene.stage.log.split('\n').filter((line) => !STACK_FRAME.test(line));
		expect(lines.filter((line) => /cobalt|failed to load/i.test(line))).toEqual([]);
	});

	it('provides the node, its variant for AI agents, and the trigger', async () => {
		const types = await scene.stage.session.nodeTypes();
		const ours = types.filter(({ name }) => name.startsWith('n8n-nodes-cobalt.'));
		expect(ours.map(({ name }) => name).sort()).toEqual([
			'n8n-nodes-cobalt.cobalt',
			'n8n-nodes-cobalt.cobaltTool',
			'n8n-nodes-cobalt.cobaltTrigger',
		]);
	});
});

describe('the credential', () => {
	const test = async (change: object) => {
		const { cobalt, session } = scene.stage;
		const data = { ...cobalt.keys, baseUrl: cobalt.url, ...change };
		return await session.testCredential('cobaltApi', data);
	};

	it('passes the connection test with the right keys', async () => {
		expect(await test({})).toEqual({ status: 'OK', message: 'Connection successful!' });
	});

	it('fails the connection test with wrong keys', async () => {
		expect(await test({ clientSecret: 'cs_live_wrong' })).toEqual({
			status: 'Error',
			message: expect.stringContaining('rejected the keys') as string,
		});
	});

	it('distinguishes an expired EHR login from wrong keys in the connection test', async () => {
		scene.stage.cobalt.world.settings.loginExpired = true;
		expect(await test({})).toEqual({
			status: 'Error',
			message: expect.stringContaining('has expired') as string,
		});
	});
});
