import type { Inside } from '../server/inside.mts';
import type { Task } from '../world/ehr-worker.mts';
import type { Claim } from '../world/records.mts';
import { enter } from './entry.mts';

/** Opens the claim of a visit. */
export function createClaim(inside: Inside, record: Claim, body: { appointment_id: string }): Task {
	return enter(inside, {
		kind: 'claim.create',
		record,
		body,
		adds: { emr_claim_id: inside.ids.digits(6) },
		tells: () => ({
			claim_id: record.id,
			emr_claim_id: record.emr_claim_id,
			appointment_id: body.appointment_id,
		}),
	});
}
