import type { NewEvent } from '../../../tools/fake-cobalt/index.mts';
import type { Rng } from '../../random/rng.mts';

/** What the trigger is set up for; without a list, for all. */
export interface Filter {
	types?: string[];
	source: 'any' | 'ehr_staff' | 'cobalt_operation';
	clinics?: string[];
	changedFields?: string[];
}

export const TYPES = [
	'patient.updated',
	'appointment.created',
	'appointment.updated',
	'task.created',
	'patient.live_fetch_completed',
	'access_token.login_required',
	'claim.of_an_unknown_kind',
] as const;

export const CLINICS = ['north', 'south', 'clinic_1'] as const;

export const FIELDS = ['phone', 'email', 'insurance_id'] as const;

/** An event, with the tag that identifies it where it has no ID. */
export interface DrawnEvent extends NewEvent {
	tag: string;
}

/** @param tag unique within the scenario */
export function drawEvent(rng: Rng, tag: string): DrawnEvent {
	const type = rng.happens(0.02) ? '' : rng.pick(TYPES);
	const hasId = !rng.happens(0.05);
	const isOdd = hasId && rng.happens(0.04);
	const updated = Object.fromEntries(
		FIELDS.filter(() => rng.happens(0.4)).map((name) => [name, 'new']),
	);
	return {
		tag,
		id: hasId ? `id ${tag}` : '',
		type,
		reference: rng.pick(CLINICS),
		...(!type.startsWith('access_token.') &&
			rng.happens(0.4) && { jobId: String(rng.between(1, 1e9)) }),
		data: isOdd
			? rng.pick<unknown>([null, 'text', 7, [], [1, { a: 2 }], { error: true, event_id: 'no' }])
			: { tag, mrn: '44235', ...(rng.happens(0.6) && { updated_fields: updated }) },
	};
}

/** Whether an event passes the filter, decided from the fields' descriptions and not from the node's code. */
export function isAskedFor(event: NewEvent, filter: Filter): boolean {
	const { types, source, clinics, changedFields } = filter;
	const isOfAccount = event.type.startsWith('access_token.');
	const made = event.jobId === undefined ? 'ehr_staff' : 'cobalt_operation';
	return (
		(types?.includes(event.type) ?? true) &&
		(source === 'any' || isOfAccount || made === source) &&
		(clinics?.includes(event.reference ?? '') ?? true) &&
		(changedFields?.some((name) => changedIn(event).includes(name)) ?? true)
	);
}

function changedIn({ data }: NewEvent): string[] {
	const { updated_fields: updated = {} } = (data ?? {}) as { updated_fields?: object };
	return Object.keys(updated);
}
