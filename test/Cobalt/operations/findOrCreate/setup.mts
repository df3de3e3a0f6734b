import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Cobalt, World } from '../../../../tools/fake-cobalt/index.mts';
import type { Ended } from '../../../../tools/n8n-host/workflow.mts';
import { run, type RunOptions } from '../../setup.mts';

/** Somebody whom the clinic does not know. */
export const ADA = { first: 'Ada', last: 'Byron', dob: '1985-12-10' };

/** Patient: Find or Create, with each field taken from the item. */
export const FIND_OR_CREATE: INodeParameters = {
	resource: 'patient',
	operation: 'findOrCreate',
	firstName: '={{ $json.first }}',
	lastName: '={{ $json.last }}',
	dob: '={{ $json.dob }}',
	additionalFields: { sex: 'female', phone: '={{ $json.phone ?? "" }}' },
};

export const byAllFields: INodeParameters = { ...FIND_OR_CREATE, matchBy: 'allGivenFields' };

export const CONTINUE = { onError: 'continueErrorOutput' } as const;

/** Runs the operation for each of these people. */
export async function findOrCreate(
	cobalt: Cobalt,
	people: IDataObject[],
	options: RunOptions = {},
): Promise<Ended> {
	return await run(cobalt, { parameters: FIND_OR_CREATE, ...options, items: people });
}

/** How often Cobalt was asked for its list of patients. */
export const searches = ({ world }: Cobalt): number =>
	world.requests({ method: 'GET', path: '/patients' }).length;

/** How many patients were submitted. */
export const submitted = ({ world }: Cobalt): number =>
	world.requests({ method: 'POST', path: '/patients' }).length;

/** The patients in the EHR whose first name is one of these. */
export const inEhr = ({ world }: { world: World }, ...firstNames: string[]) =>
	world.patients({ status: 'active' }).filter(({ first_name }) => firstNames.includes(first_name));

/** The items of the main output without those columns that differ each time. */
export const created = (ended: Ended) => ended.json().map((item) => item.created);

/** An EHR that does not notice duplicates. */
export function trustEverything({ clinics }: Cobalt): void {
	for (const { world } of clinics) world.settings.refusesDuplicates = false;
}
