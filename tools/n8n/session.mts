import { setTimeout as sleep } from 'node:timers/promises';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { parse } from 'flatted';
import type { IDataObject, IRun } from 'n8n-workflow';

import type { WorkflowFile } from '../n8n-host/workflowFile.mts';

export interface StoredWorkflow extends WorkflowFile {
	id: string;
	versionId: string;
	active: boolean;
}

export interface ExecutionSummary {
	id: string;
	mode: string;
	status: string;
	retryOf?: string | null;
}

/** One execution with everything that its nodes gave. */
export interface StoredExecution extends ExecutionSummary {
	workflowId: string;
	run: Pick<IRun['data'], 'resultData' | 'executionData'>;
}

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

/** The owner of a demonstration or a test; not a secret. */
export const OWNER = { email: 'owner@example.com', password: 'Cobalt-demo-1' };

/** Nothing in n8n that is waited for here takes longer. */
const MAX_WAIT_SECONDS = 180;

const UNFINISHED = new Set(['new', 'running', 'waiting']);

/** The owner's session with an n8n: what the editor does, through n8n's internal REST API. */
export class Session {
	private readonly http: AxiosInstance;

	private constructor(readonly url: string) {
		this.http = axios.create({
			baseURL: `${url}/rest`,
			headers: { 'browser-id': 'n8n-nodes-cobalt', 'push-ref': 'n8n-nodes-cobalt' },
			timeout: 60_000,
		});
	}

	/** Signs in as the owner, whom an n8n that is new does not have yet. */
	static async open(url: string): Promise<Session> {
		const session = new Session(url);
		const { userManagement } = await session.get<{
			userManagement: { showSetupOnFirstLoad: boolean };
		}>('/settings');
		const response = await (userManagement.showSetupOnFirstLoad
			? session.http.post('/owner/setup', { ...OWNER, firstName: 'Demo', lastName: 'Owner' })
			: session.http.post('/login', {
					emailOrLdapLoginId: OWNER.email,
					password: OWNER.password,
				}));
		session.http.defaults.headers.cookie = cookiesOf(response);
		return session;
	}

	async get<T>(path: string): Promise<T> {
		return dataOf(await this.http.get<Wrapped<T>>(path));
	}

	async post<T>(path: string, body: object = {}): Promise<T> {
		return dataOf(await this.http.post<Wrapped<T>>(path, body));
	}

	/** @returns the node types that n8n's editor knows, by n8n's full names */
	async nodeTypes(): Promise<{ name: string; displayName: string }[]> {
		const { data } = await this.http.get<{ name: string; displayName: string }[]>(
			`${this.url}/types/nodes.json`,
		);
		return data;
	}

	/** @returns its ID */
	async createCredential(name: string, type: string, data: object): Promise<string> {
		return (await this.post<{ id: string }>('/credentials', { name, type, data })).id;
	}

	/** What the editor does with a credential that is saved. */
	async testCredential(type: string, data: object): Promise<CredentialTestResult> {
		const name = 'To be tested';
		const id = await this.createCredential(name, type, data);
		return await this.post('/credentials/test', { credentials: { id, name, type, data } });
	}

	async createWorkflow(file: WorkflowFile): Promise<StoredWorkflow> {
		return await this.post('/workflows', { settings: { executionOrder: 'v1' }, ...file });
	}

	async workflow(id: string): Promise<StoredWorkflow> {
		return await this.get(`/workflows/${id}`);
	}

	/** Saves it, changed. What is active stays as it is until it is activated again. */
	async changeWorkflow(
		id: string,
		change: (workflow: StoredWorkflow) => Partial<WorkflowFile>,
	): Promise<void> {
		const { nodes, connections, settings, name, versionId, ...rest } = await this.workflow(id);
		const draft = { nodes, connections, settings, name, versionId };
		const changed = change({ ...rest, ...draft });
		await this.http.patch(`/workflows/${id}`, { ...draft, ...changed });
	}

	/**
	 * Activates the saved workflow, or takes over what was changed in it. Newer n8n do that in the
	 * background.
	 *
	 * @throws {Error} what n8n says of a trigger that cannot be activated
	 */
	async activate(id: string): Promise<void> {
		const { versionId } = await this.workflow(id);
		await this.post(`/workflows/${id}/activate`, { versionId, name: 'e2e', description: '' });
		const published = async () => {
			const status = await this.publicationStatus(id);
			if (status === 'failed') throw new Error(`The workflow ${id} was not activated`);
			return status === 'in_progress' ? undefined : true;
		};
		await eventually(`the workflow ${id} is active`, published);
	}

	async deactivate(id: string): Promise<void> {
		await this.post(`/workflows/${id}/deactivate`);
	}

	/** *Execute workflow* in the editor. @returns the execution's ID, or none while it waits for a call */
	async execute(id: string, triggerName: string): Promise<string | undefined> {
		return await this.runManually(id, { triggerToStartFrom: { name: triggerName } });
	}

	/** *Execute step* of one node in the editor, with what comes before it. */
	async executeStep(id: string, nodeName: string): Promise<string | undefined> {
		return await this.runManually(id, { destinationNode: { nodeName, mode: 'inclusive' } });
	}

	/** @returns the executions of a workflow, the oldest first */
	async executions(workflowId: string): Promise<ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.get<{ results: ExecutionSummary[] }>(
			`/executions?limit=100&filter=${filter}`,
		);
		return results.sort((one, other) => Number(one.id) - Number(other.id));
	}

	/** @returns how many executions of a workflow have ended so */
	async countExecutions(workflowId: string, status: string[]): Promise<number> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId, status }));
		const { count } = await this.get<{ count: number }>(`/executions?limit=1&filter=${filter}`);
		return count;
	}

	async execution(id: string): Promise<StoredExecution> {
		const { data, ...summary } = await this.get<Omit<StoredExecution, 'run'> & { data: string }>(
			`/executions/${id}`,
		);
		return { ...summary, run: parse(data) as StoredExecution['run'] };
	}

	/** The execution, when it has ended in whatever way. */
	async ended(id: string, seconds?: number): Promise<StoredExecution> {
		const read = async () => {
			const execution = await this.execution(id);
			return UNFINISHED.has(execution.status) ? undefined : execution;
		};
		return await eventually(`the execution ${id} has ended`, read, seconds);
	}

	/** *Retry* in the list of executions. @returns the ID of the new execution */
	async retry(executionId: string, useSavedWorkflow = false): Promise<string> {
		const { id } = await this.post<{ id: string }>(`/executions/${executionId}/retry`, {
			loadWorkflow: useSavedWorkflow,
		});
		return id;
	}

	/** *Stop* in the list of executions. */
	async stop(executionId: string): Promise<void> {
		await this.post(`/executions/${executionId}/stop`);
	}

	private async runManually(id: string, what: object): Promise<string | undefined> {
		// Older n8n run what the editor sends, newer ones what is saved.
		const workflowData = await this.workflow(id);
		const path = `/workflows/${id}/run`;
		const { executionId } = await this.post<{ executionId?: string }>(path, {
			...what,
			workflowData,
		});
		return executionId;
	}

	private async publicationStatus(id: string): Promise<string | undefined> {
		// Older n8n do not have it: there, `activate` answers when it is done.
		const { status, data } = await this.http.get<Wrapped<{ status: string }>>(
			`/workflows/${id}/publication-status`,
			{ validateStatus: (code) => code === 200 || code === 404 },
		);
		return status === 200 ? data.data.status : undefined;
	}
}

/** The items that a node gave out at one of its outputs, in all of its runs. */
export function itemsOf(execution: StoredExecution, nodeName: string, output = 0): IDataObject[] {
	const runs = execution.run.resultData.runData[nodeName] ?? [];
	return runs.flatMap(({ data }) => (data?.main?.[output] ?? []).map(({ json }) => json));
}

/**
 * Asks again and again until there is an answer.
 *
 * @throws {Error} when there is none in time
 */
export async function eventually<T>(
	what: string,
	ask: () => Promise<T | undefined>,
	seconds = MAX_WAIT_SECONDS,
): Promise<T> {
	const deadline = Date.now() + seconds * 1000;
	for (;;) {
		const response = await ask();
		if (response !== undefined) return response;
		if (Date.now() > deadline) throw new Error(`Not within ${seconds} s: ${what}`);
		await sleep(200);
	}
}

/** Waits until something is so. @throws {Error} when it is not in time */
export async function until(what: string, isSo: () => boolean, seconds?: number): Promise<void> {
	await eventually(what, () => Promise.resolve(isSo() || undefined), seconds);
}

interface Wrapped<T> {
	data: T;
}

function dataOf<T>({ data }: AxiosResponse<Wrapped<T>>): T {
	return data.data;
}

function cookiesOf({ headers }: AxiosResponse): string {
	return (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
}
