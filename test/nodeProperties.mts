import { nodeTypes } from '../tools/n8n-host/n8n.mts';

/** What n8n shows of a built node. */
function descriptionOf(name: string) {
	const type = nodeTypes[name]?.type;
	return type && 'properties' in type.description ? type.description : undefined;
}

export const description = descriptionOf('cobalt');

export const properties = description?.properties ?? [];

export const trigger = descriptionOf('cobaltTrigger');

export const triggerProperties = trigger?.properties ?? [];
