import { readFileSync } from 'node:fs';
import type { IDataObject } from 'n8n-workflow';

import { testCredential } from '../../tools/n8n-host/credentialTest.mts';
import { cobaltWorkflow, startWorkflow, type Ended } from '../../tools/n8n-host/workflow.mts';
import type { WorkflowFile } from '../../tools/n8n-host/workflowFile.mts';
import { bookingExample, exampleNodeTypes } from './example.mts';
import { say, showItems } from './screen.mts';

type Credential = Record<'clientId' | 'clientSecret' | 'accessToken' | 'baseUrl', string>;

/**
 * Against an account of one's own: tests the keys, and reads a job or writes bookings when told to.
 *
 * @returns whether that succeeded
 */
export async function tryAccount(
	credential: Credential,
	{ write, job }: { write?: string; job?: string },
): Promise<boolean> {
	const test = await testCredential(credential);
	say(`Credential test: ${test.status}${test.status === 'OK' ? '' : `, ${test.message}`}`);
	if (test.status !== 'OK') return false;
	const file = write !== undefined ? bookFrom(write) : job !== undefined ? read(job) : undefined;
	if (file === undefined) {
		say('To read the result of a job: npm start -- --job ID');
		return true;
	}
	const ended: Ended = await startWorkflow(file, {
		credential,
		nodeTypes: exampleNodeTypes(),
	}).result;
	for (const node of file.nodes) {
		if (node.type.endsWith('.cobalt')) showItems(`'${node.name}':`, ended.json(node.name));
	}
	if (ended.error) console.log(`\n${ended.error.message}\n${ended.error.description ?? ''}`);
	return !ended.error;
}

function read(jobId: string): WorkflowFile {
	return cobaltWorkflow({ resource: 'job', operation: 'getResult', jobId });
}

/** @param path a JSON file with a list of bookings, each with the keys of the example's pinned data */
function bookFrom(path: string): WorkflowFile {
	const bookings = JSON.parse(readFileSync(path, 'utf8')) as IDataObject[];
	say(`Booking ${bookings.length} appointments, for you asked to write`);
	return {
		...bookingExample(),
		pinData: { 'Three Bookings': bookings.map((json) => ({ json })) },
	};
}
