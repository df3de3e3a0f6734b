import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { errorItem, item, raw, simplified } from './items';
import { OperationRun } from './operationRun';

/**
 * Runs the chosen operation for all items: reads and checks them all, submits them side by side and
 * waits for their jobs together. Each item in gives an item out, in order and paired, except those
 * that a cancelled execution left undone.
 *
 * @throws NodeApiError or NodeOperationError of the first item that did not come to a good end, unless
 *   the node is set to continue
 */
export async function runOperation(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const signal = this.getExecutionCancelSignal();
	// With Retry On Fail, n8n runs a node again that was cancelled: it must not submit then.
	if (signal?.aborted) return [];

	const run = new OperationRun(this, signal);
	const inputs = this.getInputData().map((_, itemIndex) => run.read(itemIndex));
	const results = await Promise.all(inputs.map(async (input) => await run.finish(input)));
	run.report(results);
	return results.flatMap((result, itemIndex) => {
		switch (result.state) {
			case 'left':
				return [];
			case 'bad':
				return errorItem(result.failure, itemIndex);
			case 'good': {
				const shape = result.simplify ? simplified : raw;
				return item(shape(result.success), itemIndex);
			}
		}
	});
}
