import type { NewEvent } from '../../../tools/fake-cobalt/index.mts';
import type { Chance } from '../../faults/random/chance.mts';

/** What the trigger is set up for. Undefined: for all. */
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

/** An event, and by what it is known again where it has no id. */
export interface DrawnEvent extends NewEvent {
	tag: string;
}

/** @param tag unlike that of any other event of the scenario */
export function drawEvent(chance: Chance, tag: string): DrawnEvent {
	const type = chance.happens(0.02) ? '' : chance.oneOf(...TYPES);
	// Without an id, an event is known by what it says.
	const hasId = !chance.happens(0.05);
	const isOdd = hasId && chance.happens(0.04);
	const updated = Object.fromEntries(
		FIELDS.filter(() => chance.happens(0.4)).map((name) => [name, 'new']),
	);
	return {
		tag,
		id: hasId ? `id ${tag}` : '',
		type,
		reference: chance.oneOf(...CLINICS),
		...(!type.startsWith('access_token.') &&
			chance.happens(0.4) && { jobId: String(chance.between(1, 1e9)) }),
		data: isOdd
			? chance.oneOf<unknown>(null, 'text', 7, [], [1, { a: 2 }], { error: true, event_id: 'no' })
			: { tag, mrn: '44235', ...(chance.happens(0.6) && { updated_fields: updated }) },
	};
}

/** Whether the settings ask for an event: written from the fields' descriptions. */
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
