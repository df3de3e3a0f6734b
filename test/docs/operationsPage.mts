import type { Field } from '../../dist/nodes/Cobalt/resources/field.js';
import { methodOf } from '../../dist/nodes/Cobalt/resources/operation.js';
import type { Operation, Resource } from '../../dist/nodes/Cobalt/resources/operation.js';

/** What the declarations say, as a page for people. */
export function operationsPage(resources: readonly Resource[]): string {
	const sections = resources.map((resource) => sectionOf(resource));
	return [
		'# Operations',
		'',
		'Made from the declarations in `nodes/Cobalt/resources` by `npm run docs`: do not edit it by hand. What the API documents leave open, and how it was decided, is in [api-notes.md](api-notes.md).',
		'',
		'**Sent as** is Cobalt’s name for a field; those of a path are in braces. **Settled by** names the event types that end the wait, as far as Cobalt documents them. Where it says _by shape_, no name is documented: an event whose type ends in `.failed` or `_failed`, or that has a `failure_reason` or `reasons`, is a failure, and any other event of the job a completion.',
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
			const { timeoutSeconds, settlement, encoding } = operation;
			const { completed, failed } = settlement;
			const names = [...completed, ...failed].map((type) => `\`${type}\``).join(', ');
			return [
				`waits ${timeoutSeconds} s by default`,
				`settled by ${names === '' ? '_by shape_' : names}`.replace('by _by', '_by'),
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
	}
}

function fieldTable(operation: Operation): string[] {
	const { fields, optional, path } = operation;
	const rows = [...fields, ...(optional?.fields ?? [])].map((field) => rowOf(field, path));
	if (rows.length === 0) return ['No fields.', ''];
	return ['| Field | Sent as | Required |', '| --- | --- | --- |', ...rows, ''];
}

function rowOf({ key, isSent = true, property }: Field, path: string): string {
	const target = path.includes(`{${key}}`) ? `{${key}}` : key;
	const show = Object.entries(property.displayOptions?.show ?? {}).map(
		([name, values]) => `${name}: ${(values ?? []).map(String).join(', ')}`,
	);
	const required = property.required === true ? 'yes' : '';
	const condition = show.length > 0 ? ` (${show.join('; ')})` : '';
	return `| ${property.displayName}${condition} | ${isSent ? `\`${target}\`` : '–'} | ${required} |`;
}
