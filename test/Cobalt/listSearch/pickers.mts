/** What n8n's editor shows where something is picked by its name. */
import type { INodeProperties } from 'n8n-workflow';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { searchList } from '../../../tools/n8n-host/picker.mts';
import { properties } from '../../nodeProperties.mts';
import { credentialOf } from '../setup.mts';

/** A property of the node that is filled from a list, by where it stands. */
interface Picker {
	/** `resource.operation.field` */
	place: string;
	property: INodeProperties;
	method: string;
}

function methodOf({ type, typeOptions, modes = [] }: INodeProperties): string | undefined {
	if (type !== 'resourceLocator') return typeOptions?.loadOptionsMethod;
	return modes.find((mode) => mode.type === 'list')?.typeOptions?.searchListMethod;
}

/** Properties of all depths. */
function within(property: INodeProperties): INodeProperties[] {
	const inner = (property.options ?? []).filter((one): one is INodeProperties => 'type' in one);
	return [property, ...inner.flatMap(within)];
}

/** All but *Clinic*, whose list comes from the credential. */
const ofCobalt = properties.filter(({ name }) => name !== 'clinic');

export const pickers: Picker[] = ofCobalt.flatMap((top) => {
	const { resource = [], operation = [] } = top.displayOptions?.show ?? {};
	const shownFor = [...resource, ...operation].filter((value) => typeof value === 'string');
	return within(top).flatMap((property) => {
		const isFromList = property.modes?.some(({ type }) => type === 'list') ?? false;
		const isPicker = isFromList || property.typeOptions?.loadOptionsMethod !== undefined;
		const place = [...shownFor, property.name].join('.');
		return isPicker ? [{ place, property, method: methodOf(property) ?? '' }] : [];
	});
});

export const asked = (cobalt: Cobalt) => ({ credential: credentialOf(cobalt) });

export async function entries(cobalt: Cobalt, method: string, filter?: string) {
	return (await searchList(method, asked(cobalt), filter)).results;
}

export async function names(cobalt: Cobalt, method: string, filter?: string): Promise<string[]> {
	return (await entries(cobalt, method, filter)).map(({ name }) => name);
}
