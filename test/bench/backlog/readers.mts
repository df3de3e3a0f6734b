import type {
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IPollFunctions,
	Workflow,
} from 'n8n-workflow';

import { TestCredentials } from '../../../tools/n8n-host/credentials.mts';
import { n8nCore, nodeTypes, PACKAGE_NAME } from '../../../tools/n8n-host/n8n.mts';
import { baseNode, nodeTypesOf } from '../../../tools/n8n-host/nodeTypes.mts';
import { asAdditionalData, buildWorkflow, urlsOf } from '../../../tools/n8n-host/workflow.mts';
import { node } from '../../../tools/n8n-host/workflowFile.mts';
import { PAGES_ONLY, type BacklogTask, type Reader } from './task.mts';

/** As many events as the trigger emits at once, unless the user chooses otherwise. */
const PAGES_PER_POLL = 10;

const PAGE_SIZE = 100;

interface LogPage {
	webhook_events: IDataObject[];
	pagination: { total_pages: number };
}

/** Fetches ten pages in each poll, one after the other, and does nothing else. */
async function fetchPages(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const state = this.getWorkflowStaticData('node');
	const start = this.getNodeParameter('start') as string;
	const items: INodeExecutionData[] = [];
	let { page = 0, isEnd = false } = state as { page?: number; isEnd?: boolean };
	for (const end = page + PAGES_PER_POLL; page < end && !isEnd;) {
		page += 1;
		const answer: unknown = await this.helpers.httpRequestWithAuthentication.call(
			this,
			'cobaltApi',
			{
				method: 'GET',
				url: '/webhook-events',
				qs: {
					start_date: start.slice(0, 10),
					sort: 'created_at',
					page,
					page_size: PAGE_SIZE,
					[PAGES_ONLY]: '2100-01-01',
				},
				json: true,
			},
		);
		const { webhook_events, pagination } = answer as LogPage;
		items.push(...webhook_events.map((json) => ({ json })));
		isEnd = page >= pagination.total_pages;
	}
	Object.assign(state, { page, isEnd });
	return items.length > 0 ? [items] : null;
}

const fetchPagesNode: INodeType = {
	...baseNode('fetchPages', undefined, {
		inputs: [],
		polling: true,
		credentials: [{ name: 'cobaltApi', required: true }],
		properties: [{ displayName: 'Start', name: 'start', type: 'string', default: '' }],
	}),
	poll: fetchPages,
};

const engine = nodeTypesOf(nodeTypes, { 'bench.fetchPages': fetchPagesNode });

const SETTINGS: Record<Reader, (start: string) => { type: string; parameters: INodeParameters }> = {
	trigger: (startFrom) => ({
		type: `${PACKAGE_NAME}.cobaltTrigger`,
		parameters: { mode: 'polling', events: ['all'], options: { startFrom } },
	}),
	pages: (start) => ({ type: 'bench.fetchPages', parameters: { start } }),
};

let readers = 0;

/** A trigger on the engine, without the workflow that it starts. */
export class BacklogReader {
	ms = 0;

	private count = 0;

	/** Whether a poll after the last event has found nothing more. */
	isDone = false;

	private readonly workflow: Workflow;

	constructor(
		private readonly name: Reader,
		private readonly task: BacklogTask,
	) {
		readers += 1;
		const trigger = node('Trigger', SETTINGS[name](task.start).type, {
			// A process remembers what it has read for a node.
			id: `trigger ${readers}`,
			parameters: SETTINGS[name](task.start).parameters,
			credentials: { cobaltApi: { id: '1', name: 'Cobalt' } },
		});
		this.workflow = buildWorkflow(
			{ name: 'Backlog', nodes: [trigger], connections: {} },
			{ nodeTypes: engine, staticData: {}, active: true },
		);
	}

	/** @throws Error if it does not read each event once, in order */
	async poll(): Promise<void> {
		const start = performance.now();
		const items = await this.pollOnce();
		this.ms += performance.now() - start;
		for (const { json } of items) {
			this.count += 1;
			if (json.event_id !== `e${this.count}`) {
				throw new Error(`${this.name} has not read event ${this.count} in its turn`);
			}
		}
		this.isDone = items.length === 0;
		if (this.isDone && this.count !== this.task.count) {
			throw new Error(`${this.name} has read ${this.count} events`);
		}
	}

	/** Characters of the static data. */
	get stateLength(): number {
		return JSON.stringify(this.workflow.staticData).length;
	}

	private async pollOnce(): Promise<INodeExecutionData[]> {
		const { workflow, task } = this;
		const trigger = workflow.getNode('Trigger');
		if (!trigger) throw new Error('The trigger is gone');
		const additionalData = asAdditionalData({
			credentialsHelper: new TestCredentials({ ...task.keys, baseUrl: task.url }),
			currentNodeExecutionIndex: 0,
			variables: {},
			...urlsOf('http://127.0.0.1:5678'),
		});
		const context = new n8nCore.PollContext(
			workflow,
			trigger,
			additionalData,
			'trigger',
			'activate',
		);
		const type = engine.getByNameAndVersion(trigger.type);
		const [items = []] = (await type.poll?.call(context)) ?? [];
		return items;
	}
}
