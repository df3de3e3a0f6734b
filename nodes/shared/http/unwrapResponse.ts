import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../json';

/**
 * What a good answer says of its record: beside `success`, inside `data`, or inside `webhook`. What is
 * inside wins, unless it has no value there.
 */
export function unwrap(answer: IDataObject): IDataObject {
	const inner = [answer.data, answer.webhook].find(isObject) ?? {};
	const outer = Object.entries(answer).filter(
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
 * Whether a body is Cobalt's own. Every documented answer, good or bad, has `success`; bodies without it
 * come from whatever answered in Cobalt's place.
 */
export const isCobaltBody = (body: unknown): body is Body => isObject(body) && 'success' in body;

/** Whether a body says that the request succeeded: `success: true`, in either documented form. */
export const saysSuccess = ({ success, data }: Body): boolean =>
	/^true$/i.test(String(success)) && !(isObject(data) && saysFailure(data));

/** Whether a body says that the request did not succeed. */
export const saysFailure = ({ success }: Body): boolean => /^false$/i.test(String(success));
