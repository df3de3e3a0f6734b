import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Field } from '../../nodes/Cobalt/declarations/field.js';
import { fieldsOf, methodOf } from '../../nodes/Cobalt/declarations/operation.js';
import type { Operation } from '../../nodes/Cobalt/declarations/operation.js';
import { sourceOf, type Documented } from './valueSources.mts';

/** An operation with what it returns. */
interface Entry extends Documented {
	/** The first item of a run. */
	example: IDataObject;
}

/** What the declarations say, and what the operations return on the fake Cobalt, as a page for people. */
export function operationsPage(entries: readonly Entry[]): string {
	const names = [...new Set(entries.map(({ resource }) => resource.name))];
	return [
		'# Operations',
		'',
		'Made by `npm run docs` from the declarations in `nodes/Cobalt/resources` and from runs against a simulated Cobalt: do not edit it by hand. What the API documents leave open, and how it was decided, is in [api-notes.md](api-notes.md).',
		'',
		'- **Sent as** is Cobalt’s name for a field; one in braces is part of the path.',
		'- **Where to get it** names the list to pick from, or an operation that returns the value. Events of the [Cobalt Trigger](trigger.md) have IDs, too.',
		'- **Settled by** names the event types that end the wait. _Shape_ stands for those that Cobalt does not document: [how they are told apart](how-a-write-reaches-the-ehr.md#how-the-node-tells-completed-from-failed).',
		'- **Returns** are the keys of an item with the default settings. The examples are made up.',
		'',
		names.map((name) => `[${name}](#${name.toLowerCase().replaceAll(' ', '-')})`).join(' · '),
		'',
		...names.map((name) => sectionOf(name, entries)),
	].join('\n');
}

function sectionOf(name: string, entries: readonly Entry[]): string {
	const parts = entries.filter(({ resource }) => resource.name === name);
	return [`## ${name}`, '', ...parts.map((entry) => partOf(entry, entries))].join('\n');
}

function partOf(entry: Entry, entries: readonly Entry[]): string {
	const { resource, operation } = entry;
	const { name, description, path } = operation;
	return [
		`### ${resource.name}: ${name}`,
		'',
		ended(description),
		'',
		`\`${methodOf(operation)} ${path}\`${factsOf(operation)
			.map((fact) => ` · ${fact}`)
			.join('')}`,
		'',
		...fieldTable(entry, entries),
		...outputOf(entry),
	].join('\n');
}

function outputOf({ columns, example }: Entry): string[] {
	return [
		'<details>',
		`<summary>Returns: ${columns.map((column) => `<code>${column}</code>`).join(', ')}</summary>`,
		'',
		'```json',
		JSON.stringify(shortened(example), undefined, 2),
		'```',
		'',
		'</details>',
		'',
	];
}

/** Of a list, the first entry shows what the others look like. */
function shortened(value: unknown): unknown {
	if (Array.isArray(value)) return value.slice(0, 1).map(shortened);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shortened(part)]));
}

const ended = (text: string) => (text.endsWith('.') ? text : `${text}.`);

function factsOf(operation: Operation): string[] {
	switch (operation.kind) {
		case 'submission': {
			const { timeoutSeconds, terminalEvents, encoding } = operation;
			const { completed, failed } = terminalEvents;
			const names = [...completed, ...failed].map((type) => `\`${type}\``);
			const byShape = failed.length === 0 ? ['_shape_'] : [];
			return [
				`waits ${timeoutSeconds} s by default`,
				`settled by ${[...names, ...byShape].join(', ')}`,
				...(encoding === 'multipart' ? ['multipart'] : []),
			];
		}
		case 'jobLookUp':
			return [`waits ${operation.timeoutSeconds} s when told to wait`];
		case 'list':
			return operation.pageSize === undefined
				? ['one item for each record']
				: [`one item for each record, pages of up to ${operation.pageSize}`];
		case 'download':
			return ['a file'];
		case 'change':
			return ['done at once'];
		case 'record':
			return ['one item'];
		case 'link':
			return [`a link for ${operation.validMinutes} minutes`, 'without the access token'];
	}
}

function fieldTable(entry: Entry, entries: readonly Entry[]): string[] {
	const { operation } = entry;
	const rows = fieldsOf(operation).map((field) => [
		...cellsOf(field, operation),
		sourceOf(field, entry, entries) ?? '',
	]);
	if (rows.length === 0) return ['No fields.', ''];
	const hasSources = rows.some((cells) => cells.at(-1) !== '');
	const header = ['Field', 'Sent as', 'Required', 'Where to get it'];
	const table = [header, header.map(() => '---'), ...rows];
	return [...table.map((cells) => tableRow(hasSources ? cells : cells.slice(0, -1))), ''];
}

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function cellsOf(
	{ key, isRequired = false, isSent = true, property }: Field,
	operation: Operation,
): string[] {
	const target = operation.path.includes(`{${key}}`) ? `{${key}}` : key;
	const label = property.displayName + conditionOf(property, operation);
	return [label, isSent ? `\`${target}\`` : '–', isRequired ? 'yes' : ''];
}

/** Which choices in other fields make this one appear. */
function conditionOf({ displayOptions }: INodeProperties, operation: Operation): string {
	const conditions = Object.entries(displayOptions?.show ?? {}).map(([name, values]) => {
		const other = fieldsOf(operation).find(({ property }) => property.name === name)?.property;
		const options = (other?.options ?? []) as INodePropertyOptions[];
		const chosen = options.filter(({ value }) => values?.includes(value));
		return `${other?.displayName ?? name}: ${chosen.map((option) => option.name).join(', ')}`;
	});
	return conditions.length === 0 ? '' : ` (${conditions.join('; ')})`;
}
