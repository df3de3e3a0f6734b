import type { IDataObject } from 'n8n-workflow';

/** n8n runs a node again whose first item has a truthy `error`: what Cobalt calls so is called otherwise. */
export function renameErrorKey(json: IDataObject): IDataObject {
	const { error, ...rest } = json;
	return error === undefined ? json : { ...rest, cobalt_error: error };
}
