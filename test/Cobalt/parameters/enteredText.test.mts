import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Field } from '../../../nodes/Cobalt/declarations/field.js';
import { fieldsOf, methodOf } from '../../../nodes/Cobalt/declarations/operation.js';
import type { Operation } from '../../../nodes/Cobalt/declarations/operation.js';
import type { LoggedRequest } from '../../../tools/fake-cobalt/index.mts';
import { readForm } from '../../../tools/fake-cobalt/server/multipart.mts';
import { cobaltForTest, run } from '../setup.mts';
import { kindOf } from './fieldKinds.mts';
import { cases, conditionOf, type Case, titled, withFiles, fill } from './operationCases.mts';

/** What arrived at Cobalt for a field. */
function arrivedFor({ key }: Field, { path }: Operation, request: LoggedRequest): unknown {
	const place = path.split('/').indexOf(`{${key}}`);
	if (place >= 0) return decodeURIComponent(request.path.split('/')[place] ?? '');
	if (request.method === 'GET') return request.query[key];
	const contentType = request.headers['content-type'] ?? '';
	if (contentType.startsWith('multipart/')) {
		const part = readForm({ contentType, body: Buffer.from(String(request.body)) })[key];
		// The only form of a line break that forms have.
		return typeof part === 'string' ? part.replaceAll('\r\n', '\n') : part;
	}
	const value = key
		.split('.')
		.reduce<unknown>((object, name) => (object as IDataObject)[name], request.body);
	return Array.isArray(value) ? value.join() : value;
}

/** Fields that are shown together are filled in together. */
const keepingCases = cases.flatMap((one) => {
	const fields = fieldsOf(one.operation).filter((field) => kindOf(field, one.operation).kept);
	const conditions = new Set(fields.map(conditionOf));
	if (conditions.size > 1) conditions.delete('');
	return [...conditions].map((condition): [string, Case, Field[]] => [
		titled(one.title, condition),
		one,
		fields.filter((field) => ['', condition].includes(conditionOf(field))),
	]);
});

describe('entered text', () => {
	it.each(keepingCases)('sends text as entered, in its own place: %s', async (_, one, fields) => {
		const { operation } = one;
		const texts = fields.map((field) => kindOf(field, operation).kept ?? []);
		const rows = Array.from(
			{ length: Math.max(...texts.map(({ length }) => length)) },
			(_row, index) => texts.map((kept) => kept[index % kept.length] ?? ''),
		);
		// The type of visit that it counts is one of the texts.
		const limits = fieldsOf(operation).filter(({ key }) => key === 'daily_appointment_limit');
		const cobalt = await cobaltForTest();
		cobalt.world.settings.required_patient_fields = [];
		await run(cobalt, {
			...withFiles(rows.map((row) => ({ row }))),
			parameters: {
				...fill(one, [
					...limits.map((field): [Field, number] => [field, 20]),
					...fields.map((field, column): [Field, string] => [field, `={{ $json.row[${column}] }}`]),
				]),
				waitForResult: false,
			},
		});
		const address = new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`);
		const requests = cobalt.world
			.requests({ method: methodOf(operation) })
			.filter(({ path }) => address.test(path))
			// Before a job is told as pending, everybody's events are looked through as well.
			.filter(({ query }) => operation.kind !== 'jobLookUp' || 'job_id' in query);
		expect(requests.filter(({ status }) => status === 400)).toEqual([]);
		const arrived = requests.map((request) =>
			fields.map((field) => arrivedFor(field, operation, request)),
		);
		expect(arrived.map((row) => JSON.stringify(row)).sort()).toEqual(
			rows.map((row) => JSON.stringify(row)).sort(),
		);
	});
});
