import { sourceOf, type CobaltEvent } from '../shared/events/event';
import { eventTypeToAskFor, normalizeEventType } from '../shared/events/eventTypes';
import { isObject } from '../shared/json';
import { canonicalName } from '../shared/normalize/normalize';
import { jobStatusOf } from './jobStatus';
import { EVENT_CHOICE, type TriggerSettings } from './settings';

type Filter = Pick<TriggerSettings, 'types' | 'source' | 'clinics' | 'changedFields'>;

/** Whether an event should start the workflow. */
export function isWanted(event: CobaltEvent, filter: Filter): boolean {
	const { types, clinics } = filter;
	return (
		(types?.some((type) => isOfType(event, type)) ?? true) &&
		isFromSource(event, filter) &&
		(clinics === undefined || clinics.includes(event.reference ?? '')) &&
		hasChanged(event, filter)
	);
}

function isOfType(event: CobaltEvent, type: string): boolean {
	return type === EVENT_CHOICE.jobFinished
		? jobStatusOf(event) !== undefined
		: normalizeEventType(type) === event.type;
}

/** Query parameters that make the response smaller: the log can filter by one type. */
export function queryFor({ types = [] }: Filter): Record<string, string> {
	const [type, ...further] = types;
	if (type === undefined || type === EVENT_CHOICE.jobFinished || further.length > 0) return {};
	return { event_type: eventTypeToAskFor(type) };
}

/** Events about the account come from neither the staff nor an operation, and always pass. */
function isFromSource(event: CobaltEvent, { source }: Filter): boolean {
	return source === 'any' || [source, 'account'].includes(sourceOf(event));
}

/** An event that does not say what changed does not match. */
function hasChanged({ data }: CobaltEvent, { changedFields }: Filter): boolean {
	if (changedFields === undefined) return true;
	const { updated_fields: updated } = data;
	const names = isObject(updated) ? Object.keys(updated).map(comparable) : [];
	return changedFields.some((name) => names.includes(comparable(name)));
}

const comparable = (name: string): string => canonicalName(name.toLowerCase());
