import { readdirSync, readFileSync } from 'node:fs';
import type { IConnection, IConnections, INode, IPinData, IWorkflowSettings } from 'n8n-workflow';

/** A workflow as n8n exports it. */
export interface WorkflowFile {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	pinData?: IPinData;
}

/** A node of a workflow. */
export function node(name: string, type: string, more: Partial<INode> = {}): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters: {}, ...more };
}

/** The connections of one output, to this node. */
export function to(name: string): IConnection[] {
	return [{ node: name, type: 'main', index: 0 }];
}

const EXAMPLES = new URL('../../examples/', import.meta.url);

/** The names of the workflows in examples/. */
export function exampleNames(): string[] {
	return readdirSync(EXAMPLES).map((file) => file.replace(/\.json$/, ''));
}

/** One of the workflows in examples/. */
export function example(name: string): WorkflowFile {
	return JSON.parse(readFileSync(new URL(`${name}.json`, EXAMPLES), 'utf8')) as WorkflowFile;
}
