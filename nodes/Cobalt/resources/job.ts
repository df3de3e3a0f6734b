import { eventLog } from '../../shared/events/eventLog';
import { identifier, required } from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import type { Resource } from '../declarations/operation';

export const job: Resource = {
	value: 'job',
	name: 'Job',
	defaultOperation: 'getResult',
	operations: [
		{
			kind: 'jobLookUp',
			value: 'getResult',
			name: 'Get Result',
			action: 'Get job result',
			description:
				'Retrieve the result of an earlier operation by its job ID, right away or after waiting for it. An unknown job ID is reported as pending.',
			path: eventLog.path,
			fields: [
				required(
					identifier('job_id', 'Job ID', {
						placeholder: 'e.g. 15550942',
						description: 'The job_id returned by the operation that started the job',
					}),
				),
			],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.slow,
		},
	],
};
