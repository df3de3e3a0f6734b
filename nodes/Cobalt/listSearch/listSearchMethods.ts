import {
	ExecutionBaseError,
	NodeOperationError,
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { createClient } from '../../shared/http/client';
import { descriptionOf, messageOf } from '../../shared/retry/errors';
import { clinicsToPick, pickedCredential } from './clinics';
import {
	entriesOf,
	methodName,
	type SearchableList,
	type ListEntries,
	type IdKind,
} from './searchableList';
import { searchableLists } from './searchableLists';

type ListSearch = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

type LoadOptions = (this: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>;

/** Methods that n8n's editor calls to fill the lists of resource locators. */
export const listSearch: Record<string, ListSearch> = {
	...methodsFor(
		(directory, id) =>
			async function (filter, paginationToken) {
				return await look(this, directory, id, filter, Number(paginationToken ?? 1));
			},
	),
	async clinics(filter) {
		return await clinicsToPick(this, filter);
	},
};

/** Methods that n8n's editor calls to fill lists with multiple choice. */
export const loadOptions: Record<string, LoadOptions> = methodsFor(
	(directory, id) =>
		async function () {
			return (await look(this, directory, id)).results;
		},
);

/** One method for each kind of id of a list. */
function methodsFor<Method>(
	make: (directory: SearchableList, id: IdKind) => Method,
): Record<string, Method> {
	return Object.fromEntries(
		Object.entries<SearchableList>(searchableLists).flatMap(([name, directory]) =>
			directory.ids.map((id) => [methodName(name, id), make(directory, id)]),
		),
	);
}

async function look(
	context: ILoadOptionsFunctions,
	directory: SearchableList,
	id: IdKind,
	filter?: string,
	page?: number,
): Promise<ListEntries> {
	try {
		const credential = await pickedCredential(context);
		return await entriesOf(createClient(context, credential), directory, id, filter, page);
	} catch (error) {
		throw readable(context, error);
	}
}

function readable(context: ILoadOptionsFunctions, error: unknown): Error {
	if (error instanceof ExecutionBaseError) return error;
	return new NodeOperationError(context.getNode(), messageOf(error), {
		description: descriptionOf(error),
	});
}
