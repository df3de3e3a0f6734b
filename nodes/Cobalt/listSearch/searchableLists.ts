import type { IDataObject } from 'n8n-workflow';

import { firstText, isObject } from '../../shared/json';
import type { SearchableList } from './searchableList';

/** A name with the details that distinguish it from others of the same name. */
function named(name: unknown, ...details: unknown[]): string {
	const known = details.flatMap((detail) => firstText(detail) ?? []);
	const title = firstText(name);
	if (title === undefined) return known.join(', ');
	return known.length > 0 ? `${title} (${known.join(', ')})` : title;
}

const isInactive = ({ status, active }: IDataObject): boolean =>
	active === false || firstText(status)?.toLowerCase() === 'inactive';

function namedByAddress({ name, address }: IDataObject): string {
	const { address1, city } = isObject(address) ? address : {};
	return named(name, address1, city);
}

/** The visit types and statuses of the account: codes with their names. */
const codes = (key: string): SearchableList => ({
	list: { path: '/settings', key },
	ids: ['code'],
	nameOf: ({ code, description }) => (description ? named(description, code) : named(code)),
});

/** The lists that people pick from. Their keys are part of the names of the methods for n8n's editor. */
export const searchableLists = {
	providers: {
		list: { path: '/providers', key: 'providers' },
		ids: ['id', 'ehr_id'],
		nameOf: ({ name }) => named(name),
		isInactive,
	},
	locations: {
		list: { path: '/locations', key: 'locations' },
		ids: ['id', 'ehr_id'],
		nameOf: namedByAddress,
		isInactive,
	},
	visitTypes: codes('visit_types'),
	visitStatuses: codes('visit_statuses'),
	referringProviders: {
		list: { path: '/referring-providers', key: 'referring_providers' },
		ids: ['id', 'ehr_id'],
		nameOf: ({ name, first_name, last_name, speciality, npi }) =>
			named(
				firstText(name) ??
					[first_name, last_name].flatMap((part) => firstText(part) ?? []).join(' '),
				speciality,
				npi && `NPI ${String(npi)}`,
			),
		search(text) {
			const [first = '', ...rest] = text.split(/\s+/);
			if (/^\d{10}$/.test(text)) return [{ npi: text }];
			// One word may be the first or the last name: the API has a parameter for each.
			return rest.length === 0
				? [{ first_name: first }, { last_name: first }]
				: [{ first_name: first, last_name: rest.join(' ') }];
		},
	},
	insuranceProviders: {
		list: { path: '/insurance-providers', key: 'insurance_providers', pageSize: 100 },
		ids: ['id'],
		nameOf: ({ name, payer_id }) => named(name, payer_id),
		isInactive,
		search: (text) => [{ name: text }],
	},
	pharmacies: {
		list: { path: '/pharmacies', key: 'pharmacies' },
		ids: ['id', 'ehr_id'],
		nameOf: namedByAddress,
		isInactive,
	},
} satisfies Record<string, SearchableList>;

export type SearchableListName = keyof typeof searchableLists;
