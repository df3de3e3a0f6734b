import type { Field } from '../../nodes/Cobalt/declarations/field.js';
import {
	fieldsOf,
	isGet,
	type Operation,
	type Resource,
} from '../../nodes/Cobalt/declarations/operation.js';
import { methodName, type IdKind } from '../../nodes/Cobalt/listSearch/searchableList.js';
import {
	searchableLists,
	type SearchableListName,
} from '../../nodes/Cobalt/listSearch/searchableLists.js';

/** An operation with what it returns. */
export interface Documented {
	resource: Resource;
	operation: Operation;
	columns: readonly string[];
}

/** More would hide the usual ones. */
const MAX_SOURCES = 2;

const picked = (Object.keys(searchableLists) as SearchableListName[]).flatMap((name) =>
	searchableLists[name].ids.map((id: IdKind) => ({
		method: methodName(name, id),
		id,
		list: searchableLists[name].list,
	})),
);

/** Where a user gets the value of a field: from a list, or from other operations. Undefined for what people know. */
export function sourceOf(
	field: Field,
	{ resource }: Documented,
	all: readonly Documented[],
): string | undefined {
	const pick = pickOf(field);
	if (pick) {
		const found = all.find(
			({ operation }) => isGet(operation) && operation.path === pick.list.path,
		);
		if (found === undefined) return 'From the list';
		const inside = found.operation.kind === 'list' ? '' : ` in \`${pick.list.key}\``;
		return `From the list, or \`${pick.id}\`${inside} from ${title(found)}`;
	}
	const id = idOf(field);
	if (id === undefined) return undefined;
	if (id === 'job_id') return '`job_id` from any operation with **Wait for Result**';
	const listed = all.find(({ columns }) => columns.includes(`${id}s`));
	if (listed) return `One of the \`${id}s\` from ${title(listed)}`;
	const owner = id === 'mrn' ? 'Patient' : resource.name;
	const sources = all
		.filter((other) => returns(other, id))
		.filter(
			(other) => other.resource.name === owner || id.startsWith(snakeCase(other.resource.name)),
		)
		.sort((one, other) => rank(one) - rank(other))
		.slice(0, MAX_SOURCES);
	return sources.length === 0 ? undefined : `\`${id}\` from ${sources.map(title).join(' or ')}`;
}

/** The name that responses have for an ID, as in `appointment_id`, `mrn` or `emr_task_id`. */
function idOf({ key, property }: Field): string | undefined {
	const byMrn = property.modes?.some(({ name }) => name === 'mrn') ?? false;
	if (byMrn || /(?:^|_)mrn$/.test(key)) return 'mrn';
	const name = key === 'id' ? snakeCase(property.displayName) : key;
	return /_id$/.test(name) && name !== 'ehr_id' ? name : undefined;
}

/** Whether an operation is where people find an ID: not one that has to be given the ID first. */
function returns({ operation, columns }: Documented, id: string): boolean {
	return (
		columns.includes(id) &&
		(operation.kind === 'list' || !fieldsOf(operation).some((field) => idOf(field) === id))
	);
}

function pickOf({ property }: Field) {
	const methods = [
		property.typeOptions?.loadOptionsMethod,
		...(property.modes ?? []).map(({ typeOptions }) => typeOptions?.searchListMethod),
	];
	return picked.find(({ method }) => methods.includes(method));
}

/** Lists come first: most records are there already. */
const rank = ({ operation }: Documented): number => (operation.kind === 'list' ? 0 : 1);

const title = ({ resource, operation }: Documented): string =>
	`_${resource.name}: ${operation.name}_`;

const snakeCase = (label: string): string => label.toLowerCase().replaceAll(/\W+/g, '_');
