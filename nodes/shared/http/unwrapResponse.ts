import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../json';

/**
 * The record in a successful response, whose fields may be beside `success`, inside `data`, or inside
 * `webhook` (docs/api-notes.md, "What the documents disagree on"). Inner values win over outer ones, unless
 * they are empty.
 */
export function unwrap(response: IDataObject): IDataObject {
	const inner = [response.data, response.webhook].find(isObject) ?? {};
	const outer = Object.entries(response).filter(
		([key, value]) => key !== 'success' && value !== inner,
	);
	const beside = new Map(outer);
	const inside = Object.entries(inner).filter(
		([key, value]) => hasValue(value) || !beside.has(key),
	);
	return { ...Object.fromEntries(outer), ...Object.fromEntries(inside) } as IDataObject;
}

const hasValue = (value: unknown): boolean => value !== null && value !== undefined && value !== '';

type Body = Readonly<Record<string, unknown>>;

/**
 * Whether a body was written by Cobalt. Every documented response has `success`, whether it is true or false;
 * a body without it comes from something in between (docs/api-notes.md, "What the documents do not say").
 */
export const isCobaltBody = (body: unknown): body is Body => isObject(body) && 'success' in body;

/** Whether a body says that the request succeeded: `success: true`, in either documented form. */
export const saysSuccess = ({ success, data }: Body): boolean =>
	/^true$/i.test(String(success)) && !(isObject(data) && saysFailure(data));

/** Whether a body says that the request did not succeed. */
export const saysFailure = ({ success }: Body): boolean => /^false$/i.test(String(success));
