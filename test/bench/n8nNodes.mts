import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { INodeType, IVersionedNodeType } from 'n8n-workflow';

const require = createRequire(join(process.env.N8N_MODULES ?? '', 'index.js'));

/**
 * A node of n8n itself. Only in a process that runs the engine of a whole n8n: see engine.mts.
 *
 * @param path below n8n's folder of nodes, without `.node.js`
 */
export function n8nNode(path: string, name: string): INodeType | IVersionedNodeType {
	const module = require(`n8n-nodes-base/dist/nodes/${path}.node.js`) as Record<
		string,
		new () => INodeType | IVersionedNodeType
	>;
	const Node = module[name];
	if (!Node) throw new Error(`n8n has no node ${path}`);
	return new Node();
}
