import type { IDataObject } from 'n8n-workflow';

import type { CobaltRequest } from '../../shared/http/client';
import { fillPath } from '../../shared/http/path';
import { RecordQuery } from '../../shared/pagination/findRecord';
import { fieldsOf, methodOf, type Operation } from '../declarations/operation';
import type { Values } from '../declarations/rules';

/**
 * Builds the request of an operation: each value goes into the path, the query or the body. If a record's id
 * has yet to be found, the path contains the query for it: such a request identifies the submission, but is
 * not sent.
 */
export function requestOf(operation: Operation, values: Values): CobaltRequest {
	const unsent = fieldsOf(operation).filter(({ isSent }) => isSent === false);
	const method = methodOf(operation);
	const path: Record<string, string | string[]> = {};
	const rest: IDataObject = {};
	for (const [key, value] of Object.entries(values)) {
		if (unsent.some((field) => field.key === key)) continue;
		const isInPath = operation.path.includes(`{${key}}`);
		if (value instanceof RecordQuery) {
			if (isInPath) path[key] = [value.filter, value.value];
			else rest[value.filter] = value.value;
		} else if (isInPath) path[key] = value as string | string[];
		else put(rest, key.split('.'), value);
	}
	return {
		method,
		path: fillPath(operation.path, path),
		...(method === 'GET' && { query: rest }),
		...(method !== 'GET' && Object.keys(rest).length > 0 && { body: rest }),
		...(operation.kind === 'link' && {
			accessToken: values.mode === 'update' ? 'body' : 'none',
		}),
		...(operation.kind === 'submission' && {
			encoding: operation.encoding,
			isRead: operation.isRead,
		}),
	};
}

/** Sets a value at a path, creating the objects in between. */
function put(object: IDataObject, [name = '', ...rest]: string[], value: unknown): void {
	if (rest.length === 0) object[name] = value as IDataObject[string];
	else put((object[name] ??= {}) as IDataObject, rest, value);
}
