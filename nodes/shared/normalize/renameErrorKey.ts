import type { IDataObject } from 'n8n-workflow';

/** n8n runs a node again if its first item has a truthy `error`, so a key of Cobalt's with that name is renamed. */
export function renameErrorKey(json: IDataObject): IDataObject {
	const { error, ...rest } = json;
	return error === undefined ? json : { ...rest, cobalt_error: error };
}
