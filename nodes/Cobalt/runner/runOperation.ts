import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { errorItem, item, raw, simplified } from './items';
import { OperationRun } from './operationRun';

/**
 * Runs the chosen operation for all items: reads and checks them all, submits them side by side and
 * waits for their jobs together. Each item in gives an item out, in order and paired.
 *
 * @throws NodeApiError or NodeOperationError of the first item that did not come to a good end, unless
 *   the node is set to continue
 */
export async function runOperation(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const run = new OperationRun(this);
	const inputs = this.getInputData().map((_, itemIndex) => run.read(itemIndex));
	await run.prepare(inputs);
	const { onError } = this.getNode();
	const results = await Promise.all(inputs.map(async (input) => await run.finish(input)));
	run.report(results);
	return results.map((result, itemIndex) => {
		if (result.state !== 'good') return errorItem(result.failure, itemIndex, onError);
		const shape = result.simplify ? simplified : raw;
		return item(shape(result.success), itemIndex);
	});
}
