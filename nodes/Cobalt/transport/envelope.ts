import type { IDataObject } from 'n8n-workflow';

import { isObject } from './json';

/** What a good answer says of its record: beside `success`, inside `data`, or inside `webhook`. */
export function withoutEnvelope(answer: IDataObject): IDataObject {
	const inner = [answer.data, answer.webhook].find(isObject) ?? {};
	const flat = Object.entries(answer).filter(
		([key, value]) => key !== 'success' && value !== inner,
	);
	return { ...Object.fromEntries(flat), ...inner } as IDataObject;
}
