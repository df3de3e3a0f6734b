import type { IDataObject } from 'n8n-workflow';

import { unwrap } from '../../shared/http/unwrapResponse';
import { simplifyKeys } from '../../shared/normalize/normalize';
import type { Mutation } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import type { ItemContext } from '../run/failures';
import type { Result } from '../run/result';
import type { Run } from '../run/run';
import { SubmissionService, type AcceptedSubmission } from '../submissions/submissionService';
import type { OperationHandler } from './handler';

/** Sends what Cobalt does at once. */
export class MutationHandler implements OperationHandler {
	private readonly writes: SubmissionService;

	constructor(
		run: Run,
		private readonly operation: Mutation,
	) {
		this.writes = new SubmissionService(run, operation);
	}

	async prepare(inputs: readonly ItemInput[]): Promise<void> {
		await this.writes.prepare(inputs);
	}

	async handle(input: ItemInput, place: ItemContext): Promise<Result> {
		const taken = await this.writes.send(input, place);
		if ('state' in taken) return taken;
		this.writes.settle(taken, 'completed');
		const json = this.outputOf(input, taken);
		return { state: 'good', outputs: [{ json }], isWritten: true };
	}

	/** Of what an earlier try did, the answer was not kept: it may have a secret. Nor was what it sent. */
	private outputOf(
		{ simplify: isSimple, request }: ItemInput,
		{ answer, receipt, isOtherwise }: AcceptedSubmission,
	): IDataObject {
		const { method, recordKey, simplified = 'all' } = this.operation;
		if (answer && !isSimple) return answer;
		const { recordId } = receipt;
		return {
			...(recordId !== undefined && { [recordKey]: recordId }),
			...(method === 'DELETE' && { deleted: true }),
			...(answer
				? simplifyKeys(unwrap(answer), simplified)
				: { ...(!isOtherwise && request.body), done_by_earlier_try: true }),
		};
	}
}
