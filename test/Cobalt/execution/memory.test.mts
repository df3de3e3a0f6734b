/**
 * What a process of n8n keeps of executions that are over, while another one waits for the same account.
 *
 * EXECUTIONS=10000 plays more of them.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { nodeTypes } from '../../../tools/n8n-host/n8n.mts';
import { baseNode, nodeTypesOf } from '../../../tools/n8n-host/nodeTypes.mts';
import { inVirtualTime } from '../../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, startWorkflow } from '../../../tools/n8n-host/workflow.mts';
import { node, to } from '../../../tools/n8n-host/workflowFile.mts';
import { bookings, cobaltForTest, CREATE, credentialOf, submissions } from '../setup.mts';

const COUNT = Number(process.env.EXECUTIONS ?? '300');

/** At once. */
const WAVE = 100;

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What the items of the executions are made of, as long as anybody keeps it. */
const items: WeakRef<IDataObject>[] = [];

/** A node whose items nobody else has. Whoever keeps a context of n8n's keeps them. */
const source = baseNode('source', async function () {
	const made = this.getInputData().map(({ json }): INodeExecutionData => ({ json: { ...json } }));
	items.push(...made.map(({ json }) => new WeakRef(json)));
	return Promise.resolve([made]);
});

const engine = nodeTypesOf(nodeTypes, { 'test.source': source });

/** @returns how its job ended */
async function book(cobalt: Cobalt, booking: IDataObject, timeout: number): Promise<unknown> {
	const file = cobaltWorkflow({ ...CREATE, options: { timeout } }, { items: [booking] });
	file.nodes.push(node('Source', 'test.source'));
	file.connections.Trigger = { main: [to('Source')] };
	file.connections.Source = { main: [to('Cobalt')] };
	const options = { credential: credentialOf(cobalt), nodeTypes: engine };
	const ended = await startWorkflow(file, options).result;
	if (ended.error) throw ended.error;
	return ended.json()[0]?.job_status;
}

it('keeps nothing of an execution that is over while another one goes on', async () => {
	const cobalt = await cobaltForTest();
	const [first = {}, ...others] = bookings(COUNT + 1);
	const kept = await inVirtualTime(
		async () => {
			const hour = 3_600;
			const start = Date.parse(first.datetime as string);
			cobalt.ehrWorker.plan({
				match: ({ datetime }) => Date.parse(String(datetime)) === start,
				seconds: hour,
			});
			const longest = book(cobalt, first, 2 * hour);
			for (let begun = 0; begun < COUNT; begun += WAVE) {
				const wave = others.slice(begun, begun + WAVE);
				const statuses = await Promise.all(
					wave.map(async (booking) => await book(cobalt, booking, 300)),
				);
				expect(new Set(statuses)).toEqual(new Set(['completed']));
			}
			await nextTurn();
			collectGarbage();
			const alive = items.filter((item) => item.deref() !== undefined).length;
			expect(await longest).toBe('completed');
			return alive;
		},
		() => cobalt.faults.heldBack,
	);
	expect(submissions(cobalt)).toBe(COUNT + 1);
	// The items of the one that goes on.
	expect(kept).toBe(1);
}, 600_000);
