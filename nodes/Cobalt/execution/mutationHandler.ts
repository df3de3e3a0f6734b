import type { IDataObject } from 'n8n-workflow';

import type { Change } from '../declarations/operation';
import { simplify } from '../../shared/normalize/normalize';
import { withoutEnvelope } from '../../shared/http/unwrapResponse';
import type { ItemPlace } from './failures';
import type { ItemInput } from '../parameters/itemInput';
import type { Performer } from './handler';
import type { Result } from './result';
import type { Run } from './run';
import { Writes, type Taken } from '../submissions/submissionService';

/** Sends what Cobalt does at once. */
export class Changes implements Performer {
	private readonly writes: Writes;

	constructor(
		run: Run,
		private readonly operation: Change,
	) {
		this.writes = new Writes(run, operation);
	}

	async prepare(inputs: readonly ItemInput[]): Promise<void> {
		await this.writes.prepare(inputs);
	}

	async perform(input: ItemInput, place: ItemPlace): Promise<Result> {
		const taken = await this.writes.send(input, place);
		if ('state' in taken) return taken;
		this.writes.settle(taken, 'completed');
		const json = this.outputOf(input, taken);
		return { state: 'good', outputs: [{ json }], isWritten: true };
	}

	/** Of what an earlier try did, the answer was not kept: it may have a secret. Nor was what it sent. */
	private outputOf(
		{ simplify: isSimple, request }: ItemInput,
		{ answer, receipt, isOtherwise }: Taken,
	): IDataObject {
		const { method, recordKey, simplified = 'all' } = this.operation;
		if (answer && !isSimple) return answer;
		const { recordId } = receipt;
		return {
			...(recordId !== undefined && { [recordKey]: recordId }),
			...(method === 'DELETE' && { deleted: true }),
			...(answer
				? simplify(withoutEnvelope(answer), simplified)
				: { ...(!isOtherwise && request.body), done_by_earlier_try: true }),
		};
	}
}
