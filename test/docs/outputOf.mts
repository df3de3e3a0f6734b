import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { expect } from 'vitest';

import type { Cobalt } from '../../tools/fake-cobalt/index.mts';
import { inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, startWorkflow } from '../../tools/n8n-host/workflow.mts';
import { bookings, CREATE, credentialOf } from '../Cobalt/setup.mts';
import { samples } from './samples.mts';

const FILE = {
	data: Buffer.from('A report').toString('base64'),
	mimeType: 'text/plain',
	fileName: 'report.txt',
};

const WEBHOOK = {
	resource: 'webhook',
	operation: 'create',
	webhookUrl: 'https://example.com/cobalt',
};

/**
 * What comes out of an operation for an account that has a visit and a webhook.
 *
 * @param prepare called right before it runs
 * @param more parameters besides those of the sample
 */
export async function outputOf(
	cobalt: Cobalt,
	resource: string,
	operation: string,
	{ prepare = () => {}, more = {} }: { prepare?: () => void; more?: INodeParameters } = {},
): Promise<INodeExecutionData[]> {
	const execute = async (parameters: INodeParameters, item: IDataObject = {}) => {
		const file = cobaltWorkflow(parameters, { items: [item], files: [{ data: FILE }] });
		const ended = await startWorkflow(file, { credential: credentialOf(cobalt) }).result;
		expect(ended.error).toBeUndefined();
		return ended.items();
	};
	return await inVirtualTime(async () => {
		const [booking = {}] = bookings(1);
		await execute(CREATE, booking);
		await execute(WEBHOOK);
		const sample = samples(cobalt)[resource]?.[operation];
		if (!sample) throw new Error('There is no sample for this operation');
		prepare();
		return await execute(
			{ resource, operation, ...sample, ...more },
			{ json: {}, binary: { data: FILE } },
		);
	});
}
