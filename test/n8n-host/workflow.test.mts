import type { IConnections, IExecuteFunctions, INode } from 'n8n-workflow';
import { describe, expect, it, vi } from 'vitest';

import { engineNodeTypes } from '../../tools/n8n-host/nodeTypes.mts';
import { retryExecution, startWorkflow, type Ended } from '../../tools/n8n-host/workflow.mts';
import { node, to, type WorkflowFile } from '../../tools/n8n-host/workflowFile.mts';

const BASE = 'n8n-nodes-base';
const OPTIONS = { credential: {} };

/** Trigger → Middle → After, with some items. */
function workflow(middle: INode, items = 1, more: IConnections = {}): WorkflowFile {
	return {
		name: 'Test',
		nodes: [node('Trigger', `${BASE}.manualTrigger`), middle, node('After', `${BASE}.noOp`)],
		connections: { Trigger: { main: [to('Middle')] }, Middle: { main: [to('After')] }, ...more },
		settings: { executionOrder: 'v1' },
		pinData: { Trigger: Array.from({ length: items }, (_, index) => ({ json: { index } })) },
	};
}

const indexes = (ended: Ended, name: string) => ended.json(name).map(({ index }) => index);

/** What the noOp nodes do instead of nothing, until the test is over. */
function noOpSpy() {
	return vi.spyOn(engineNodeTypes.getByNameAndVersion(`${BASE}.noOp`), 'execute');
}

describe('a loop', () => {
	const loop = node('Middle', `${BASE}.splitInBatches`, {
		typeVersion: 3,
		parameters: { batchSize: 2 },
	});
	const file = workflow(loop, 5, {
		Middle: { main: [to('After'), to('Body')] },
		Body: { main: [to('Middle')] },
	});
	file.nodes.push(node('Body', `${BASE}.noOp`));

	it('outputs the items of a loop in batches, and all of them in the end', async () => {
		const ended = await startWorkflow(file, OPTIONS).result;
		const rounds = ended.run.data.resultData.runData.Body ?? [];
		const sizes = rounds.map(({ data }) => data?.main?.[0]?.length);
		expect(sizes).toEqual([2, 2, 1]);
		expect(indexes(ended, 'After')).toEqual([0, 1, 2, 3, 4]);
	});

	it('continues in the round that failed when the execution is retried', async () => {
		let rounds = 0;
		const spy = noOpSpy().mockImplementation(async function (this: IExecuteFunctions) {
			rounds += 1;
			if (rounds === 2) throw new Error('Round 2');
			return Promise.resolve([this.getInputData()]);
		});
		const stopped = await startWorkflow(file, OPTIONS).result;
		expect(stopped.error?.message).toBe('Round 2');
		const ended = await retryExecution(stopped, OPTIONS).result;
		expect(ended.error).toBeUndefined();
		expect(indexes(ended, 'After')).toEqual([0, 1, 2, 3, 4]);
		expect(rounds).toBe(2 + 2 + 1);
		spy.mockRestore();
	});
});

describe('a sub-workflow', () => {
	const sub = workflow(node('Middle', `${BASE}.noOp`));
	const parameters = { workflowJson: JSON.stringify(sub) };
	const parent = workflow(node('Middle', `${BASE}.executeWorkflow`, { parameters }), 3);

	it('runs a sub-workflow as its own execution, with items in and out', async () => {
		const ended = await startWorkflow(parent, OPTIONS).result;
		expect(indexes(ended, 'After')).toEqual([0, 1, 2]);
		const [inside] = ended.traces.subExecutions;
		expect(inside?.run.mode).toBe('integrated');
		expect(inside?.json('Middle')).toEqual(ended.json('After'));
		expect(inside?.run.data).not.toBe(ended.run.data);
	});

	it('fails the calling node when a sub-workflow fails', async () => {
		const spy = noOpSpy().mockRejectedValue(new Error('Inside'));
		const ended = await startWorkflow(parent, OPTIONS).result;
		expect(ended.error?.message).toBe('Inside');
		expect(ended.run.data.resultData.lastNodeExecuted).toBe('Middle');
		expect(ended.traces.subExecutions.map(({ error }) => error?.message)).toEqual(['Inside']);
		spy.mockRestore();
	});
});

it('records what nodes send to the editor and the log', async () => {
	const spy = noOpSpy().mockImplementation(async function (this: IExecuteFunctions) {
		this.sendMessageToUI('for the editor');
		this.logger.debug('for the log', { more: 1 });
		return Promise.resolve([this.getInputData()]);
	});
	const file = workflow(node('Middle', `${BASE}.noOp`));
	const manual = await startWorkflow(file, OPTIONS).result;
	const active = await startWorkflow(file, { ...OPTIONS, mode: 'trigger' }).result;
	spy.mockRestore();
	const quiet = await startWorkflow(file, OPTIONS).result;

	const message = (name: string) => ({ source: `[Node: "${name}"]`, messages: ['for the editor'] });
	expect(manual.traces.messages).toEqual([message('Middle'), message('After')]);
	expect(active.traces.messages).toEqual([]);
	const line = { level: 'debug', message: 'for the log', metadata: { more: 1 } };
	for (const { traces } of [manual, active]) {
		expect(traces.log.filter(({ message }) => message === line.message)).toEqual([line, line]);
	}
	expect(quiet.traces.log).not.toContainEqual(line);
});
