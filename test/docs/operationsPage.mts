import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Field } from '../../nodes/Cobalt/declarations/field.js';
import { fieldsOf, methodOf } from '../../nodes/Cobalt/declarations/operation.js';
import type { Operation, Resource } from '../../nodes/Cobalt/declarations/operation.js';

/** What the declarations say, as a page for people. */
export function operationsPage(resources: readonly Resource[]): string {
	const sections = resources.map((resource) => sectionOf(resource));
	return [
		'# Operations',
		'',
		'Made from the declarations in `nodes/Cobalt/resources` by `npm run docs`: do not edit it by hand. What the API documents leave open, and how it was decided, is in [api-notes.md](api-notes.md).',
		'',
		'**Sent as** is Cobalt’s name for a field; those of a path are in braces. **Settled by** names the event types that end the wait, as far as Cobalt documents them. _Shape_ stands for those that it does not: an event whose type ends in `.failed` or `_failed`, or that has a `failure_reason` or `reasons`, is a failure; where no type is documented at all, any other event of the job is a completion, unless its type says that the job goes on (`….pending`, `….processing`).',
		'',
		...sections,
	].join('\n');
}

function sectionOf({ name, operations }: Resource): string {
	return [`## ${name}`, '', ...operations.map((operation) => partOf(name, operation))].join('\n');
}

function partOf(resource: string, operation: Operation): string {
	const { name, description, path } = operation;
	return [
		`### ${resource}: ${name}`,
		'',
		ended(description),
		'',
		`\`${methodOf(operation)} ${path}\`${factsOf(operation)
			.map((fact) => ` · ${fact}`)
			.join('')}`,
		'',
		...fieldTable(operation),
	].join('\n');
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

function fieldTable(operation: Operation): string[] {
	const rows = fieldsOf(operation).map((field) => rowOf(field, operation));
	if (rows.length === 0) return ['No fields.', ''];
	return ['| Field | Sent as | Required |', '| --- | --- | --- |', ...rows, ''];
}

function rowOf(
	{ key, isRequired = false, isSent = true, property }: Field,
	operation: Operation,
): string {
	const target = operation.path.includes(`{${key}}`) ? `{${key}}` : key;
	const required = isRequired ? 'yes' : '';
	const label = property.displayName + conditionOf(property, operation);
	return `| ${label} | ${isSent ? `\`${target}\`` : '–'} | ${required} |`;
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
