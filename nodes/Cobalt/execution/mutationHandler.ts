import type { IDataObject } from 'n8n-workflow';

import { unwrap } from '../../shared/http/unwrapResponse';
import { simplifyKeys } from '../../shared/normalize/normalize';
import type { Mutation } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import type { ItemContext } from '../run/itemFailure';
import type { Result } from '../run/result';
import type { Run } from '../run/run';
import type { AcceptedSubmission } from '../submissions/acceptedSubmission';
import { SubmissionService } from '../submissions/submissionService';
import type { OperationHandler } from './handler';

/** Handles writes that Cobalt carries out immediately. */
export class MutationHandler implements OperationHandler {
	private readonly submissions: SubmissionService;

	constructor(
		run: Run,
		private readonly operation: Mutation,
	) {
		this.submissions = new SubmissionService(run, operation);
	}

	async prepare(inputs: readonly ItemInput[]): Promise<void> {
		await this.submissions.prepare(inputs);
	}

	async handle(input: ItemInput, itemContext: ItemContext): Promise<Result> {
		const sent = await this.submissions.send(input, itemContext);
		if (sent.status !== 'accepted') return sent;
		this.submissions.settle(sent, 'completed');
		const json = this.outputOf(input, sent);
		return { status: 'succeeded', outputs: [{ json }], isWritten: true };
	}

	/** The response to an earlier try was not stored, since it may contain a secret; nor was its request. */
	private outputOf(
		{ output, request }: ItemInput,
		{ response, receipt, hasOtherContents }: AcceptedSubmission,
	): IDataObject {
		const { method, recordKey, simplified = 'all' } = this.operation;
		if (response && output.kind === 'raw') return response;
		const { recordId } = receipt;
		return {
			...(recordId !== undefined && { [recordKey]: recordId }),
			...(method === 'DELETE' && { deleted: true }),
			...(response
				? simplifyKeys(unwrap(response), simplified)
				: { ...(!hasOtherContents && request.body), done_by_earlier_try: true }),
		};
	}
}
