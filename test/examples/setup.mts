import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { expect, it } from 'vitest';

import type { Cobalt, CobaltOptions } from '../../tools/fake-cobalt/index.mts';
import { coreNodes, Outside } from '../../tools/n8n-host/coreNodes/index.mts';
import { nodeTypes } from '../../tools/n8n-host/n8n.mts';
import { nodeTypesOf } from '../../tools/n8n-host/nodeTypes.mts';
import { inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import { startWorkflow, type Ended, type StartOptions } from '../../tools/n8n-host/workflow.mts';
import { example } from '../../tools/n8n-host/workflowFile.mts';
import { cobaltForTest, credentialOf } from '../Cobalt/setup.mts';
import { play, type Scene, type SceneOptions } from '../CobaltTrigger/setup.mts';

/** A fake Cobalt, and what else there is around n8n. */
export interface Stage {
	cobalt: Cobalt;
	outside: Outside;
}

export async function stageForTest(options?: CobaltOptions): Promise<Stage> {
	return { cobalt: await cobaltForTest(options), outside: new Outside() };
}

/** The outputs that have had items, by example, as `node 0`. */
const taken = new Map<string, Set<string>>();

function note(name: string, { run }: Ended): void {
	const outputs = taken.get(name) ?? new Set();
	taken.set(name, outputs);
	for (const [node, runs] of Object.entries(run.data.resultData.runData)) {
		for (const { data } of runs) {
			for (const [output, items] of (data?.main ?? []).entries()) {
				if (items && items.length > 0) outputs.add(`${node} ${output}`);
			}
		}
	}
}

/** To call last in an example's tests: they have taken each connection of it. */
export function takesEveryBranch(name: string): void {
	it('has been through each of its connections in the tests above', () => {
		const connected = Object.entries(example(name).connections).flatMap(([node, { main = [] }]) =>
			main.flatMap((targets, output) =>
				targets && targets.length > 0 ? [`${node} ${output}`] : [],
			),
		);
		expect(connected.filter((output) => !taken.get(name)?.has(output))).toEqual([]);
	});
}

export interface ExampleOptions extends Partial<Pick<StartOptions, 'credential' | 'from'>> {
	/** What the trigger gives. Default: what is pinned in the example. */
	items?: INodeExecutionData[];
	/** When it begins, as ISO 8601. */
	now?: string;
}

/** Runs an example from its trigger to its end, through all of its waits. */
export async function runExample(
	{ cobalt, outside }: Stage,
	name: string,
	{ items, now, from, credential = credentialOf(cobalt) }: ExampleOptions = {},
): Promise<Ended> {
	const file = example(name);
	const start = from ?? file.nodes.find(({ type }) => /trigger$/i.test(type))?.name ?? '';
	if (items) file.pinData = { [start]: items };
	const options = {
		from: start,
		credential,
		nodeTypes: nodeTypesOf(nodeTypes, coreNodes(outside)),
	};
	const ended = await inVirtualTime(
		async () => await startWorkflow(file, options).result,
		() => cobalt.faults.heldBack,
		now,
	);
	expect(ended.error).toBeUndefined();
	note(name, ended);
	return ended;
}

/** An n8n that keeps an example active, and what is around it. */
export type PlayedScene = Scene & Stage;

/** Publishes an example on an n8n that keeps it active. */
export async function playExample<T>(
	name: string,
	work: (scene: PlayedScene) => Promise<T>,
	{ now, cobalt, credentialOf: chosen }: PlayOptions = {},
): Promise<T> {
	const outside = new Outside();
	return await play(
		async (scene) => {
			if (chosen) scene.host.credential = chosen(scene.cobalt);
			await scene.host.activate(example(name));
			const result = await work({ ...scene, outside });
			for (const ended of scene.host.executions) {
				expect(ended.error).toBeUndefined();
				note(name, ended);
			}
			return result;
		},
		{ now, cobalt, host: { nodes: () => coreNodes(outside) } },
	);
}

interface PlayOptions extends Pick<SceneOptions, 'now' | 'cobalt'> {
	credentialOf?: (cobalt: Cobalt) => StartOptions['credential'];
}

/** One item each. */
export const itemsOf = (...all: IDataObject[]): INodeExecutionData[] =>
	all.map((json) => ({ json }));
