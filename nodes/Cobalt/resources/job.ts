import { eventLog } from '../../shared/events/eventLog';
import { identifier, required } from '../declarations/field';
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
			action: 'Get result of job',
			description:
				'Look up what became of an earlier submission by its job ID, at once or with a wait. A job ID that Cobalt does not know looks like one that is still pending.',
			path: eventLog.path,
			fields: [
				required(
					identifier('job_id', 'Job ID', {
						placeholder: 'e.g. 15550942',
						description: "The job_id that the submission's item has",
					}),
				),
			],
			timeoutSeconds: 180,
		},
	],
};
