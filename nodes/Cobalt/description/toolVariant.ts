import type { INodeProperties } from 'n8n-workflow';

import type { Field } from '../declarations/field';

/** While n8n shows the node as the tool of an agent. n8n 2.8 and later know this key. */
const TOOL = { '@tool': [true] };

export function asTool(property: INodeProperties): INodeProperties {
	const { displayOptions } = property;
	return {
		...property,
		displayOptions: { ...displayOptions, show: { ...displayOptions?.show, ...TOOL } },
	};
}

export function asNode(property: INodeProperties): INodeProperties {
	const { displayOptions } = property;
	return {
		...property,
		displayOptions: { ...displayOptions, hide: { ...displayOptions?.hide, ...TOOL } },
	};
}

/** The property of a field, and another one for the tool of an agent where that differs. */
export function variantsOf({ property, asTool: variant }: Field): INodeProperties[] {
	return variant ? [asNode(property), asTool({ ...property, ...variant })] : [property];
}
