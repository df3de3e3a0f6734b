import { isWrite, type Operation } from '../declarations/operation';
import type { Run } from '../run/run';
import { SubmissionService } from '../submissions/submissionService';
import { FindOrCreateHandler } from './findOrCreateHandler';
import type { OperationHandler } from './handler';
import { JobHandler } from './jobHandler';
import { LinkHandler } from './linkHandler';
import { MutationHandler } from './mutationHandler';
import { ReadHandler } from './readHandler';

/** The handler for an operation, which depends on how Cobalt responds to it. */
export function handlerOf(run: Run, operation: Operation): OperationHandler {
	switch (operation.kind) {
		case 'submission':
			if (operation.findsFirst) {
				return new FindOrCreateHandler(run, operation, operation.findsFirst.list);
			}
			return isWrite(operation)
				? new JobHandler(run, operation, new SubmissionService(run, operation))
				: new JobHandler(run, operation);
		case 'jobLookUp':
			return new JobHandler(run, operation);
		case 'change':
			return new MutationHandler(run, operation);
		case 'link':
			return new LinkHandler(run, operation);
		case 'record':
		case 'list':
		case 'download':
			return new ReadHandler(run, operation);
	}
}
