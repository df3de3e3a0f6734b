import { line } from '../fields/text';
import type { Resource } from './operation';

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
			fields: [
				{
					property: {
						displayName: 'Job ID',
						name: 'jobId',
						type: 'string',
						default: '',
						required: true,
						placeholder: 'e.g. 15550942',
						description: "The job_id that the submission's item has",
					},
					read: line,
					to: { query: 'job_id' },
				},
			],
			timeoutSeconds: 180,
		},
	],
};
