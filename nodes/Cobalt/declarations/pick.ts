import type { INodeProperties } from 'n8n-workflow';

import { code, id } from '../../shared/parsers/id';
import type { Parser } from '../../shared/parsers/parser';
import { methodName, type IdKind } from '../listSearch/searchableList';
import type { SearchableListName } from '../listSearch/searchableLists';
import { locatorValue } from '../parsers/resourceLocator';
import { field, type Field, type FieldOptions } from './field';

/** One entry of a list of the account, picked from the list or entered by its ID. */
export function pick(
	directory: SearchableListName,
	kind: IdKind,
	key: string,
	displayName: string,
	about: FieldOptions & Pick<INodeProperties, 'modes'> & { idPlaceholder: string },
): Field {
	const { idPlaceholder, modes: more = [], placeholder, ...rest } = about;
	const read = rest.read ?? (kind === 'code' ? code : id);
	const kindOfId = ID_KINDS[kind];
	const searchListMethod = methodName(directory, kind);
	return {
		...field(
			key,
			displayName,
			{ ...rest, read: locatorValue(read) },
			{
				type: 'resourceLocator',
				default: { mode: 'list', value: '' },
				modes: [
					{
						displayName: 'From List',
						name: 'list',
						type: 'list',
						placeholder,
						typeOptions: { searchListMethod, searchable: true },
					},
					{
						displayName: `By ${kindOfId}`,
						name: 'id',
						type: 'string',
						placeholder: idPlaceholder,
					},
					...more,
				],
			},
		),
		asTool: { displayName: `${displayName} ${kindOfId}` },
	};
}

const ID_KINDS: Record<IdKind, string> = { id: 'Cobalt ID', ehr_id: 'EHR ID', code: 'Code' };

const ID_HINTS: Record<IdKind, string> = {
	id: "An expression gives Cobalt's IDs (id)",
	ehr_id: 'An expression gives the IDs in the EHR (ehr_id)',
	code: 'An expression gives codes',
};

/** n8n's lint rules require exactly this sentence. */
const LIST_OR_EXPRESSION =
	'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';

/** Several entries of a list of the account. */
export function pickSeveral(
	directory: SearchableListName,
	id: IdKind,
	key: string,
	displayName: string,
	about: Omit<FieldOptions, 'description'> & { read: Parser },
): Field {
	const typeOptions = { loadOptionsMethod: methodName(directory, id) };
	return {
		...field(
			key,
			displayName,
			{ ...about, description: LIST_OR_EXPRESSION },
			{ type: 'multiOptions', typeOptions, default: [], hint: ID_HINTS[id] },
		),
		// The lint rules ask for a label with "Names", which Cobalt does not take.
		toolNote: `${displayName}: comma-separated ${ID_KINDS[id]}s only, no names.`,
	};
}
