import type { Context } from '../server/context.mts';
import type { EhrTask } from '../world/ehrWorker.mts';
import type { Claim } from '../world/records.mts';
import { recordTask } from './ehrTask.mts';

/** The task that opens the claim of a visit. */
export function createClaim(
	context: Context,
	record: Claim,
	body: { appointment_id: string },
): EhrTask {
	return recordTask(context, {
		kind: 'claim.create',
		record,
		body,
		ehrFields: { emr_claim_id: context.ids.digits(6) },
		eventData: () => ({
			claim_id: record.id,
			emr_claim_id: record.emr_claim_id,
			appointment_id: body.appointment_id,
		}),
	});
}
