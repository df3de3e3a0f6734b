/** The lists of a credential with several clinics. */
import type { INodeParameters } from 'n8n-workflow';
import { expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { loadOptions, searchList } from '../../../tools/n8n-host/picker.mts';
import { clinicAt, MULTIPLE, multipleCredentialOf } from '../clinics.mts';
import { cobaltForTest } from '../setup.mts';

const asked = (cobalt: Cobalt, parameters: INodeParameters = {}) => ({
	credential: multipleCredentialOf(cobalt),
	type: 'cobaltMultipleClinicsApi',
	parameters: { ...MULTIPLE, ...parameters },
});

const at = (value: string | null) => ({ clinic: { __rl: true, mode: 'id', value } });

it('lists the clinics by their names without a request', async () => {
	const cobalt = await cobaltForTest({ clinics: 12 });
	const { results } = await searchList('clinics', asked(cobalt));
	expect(results).toHaveLength(12);
	expect(results[0]).toEqual({ name: 'clinic_1', value: 'clinic_1' });
	const { results: found } = await searchList('clinics', asked(cobalt), ' CLINIC_1');
	expect(found.map(({ name }) => name)).toEqual([
		'clinic_1',
		'clinic_10',
		'clinic_11',
		'clinic_12',
	]);
	expect(cobalt.world.requests()).toEqual([]);
});

it('lists the records of the clinic that was chosen', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	const { world, keys } = clinicAt(cobalt, 1);
	world.settings.visit_types.push({ code: 'dental', description: 'Dental' });
	const own = await searchList('visitTypesByCode', asked(cobalt, at('clinic_2')), 'dental');
	expect(own.results).toEqual([{ name: 'Dental (dental)', value: 'dental' }]);
	const others = await searchList('visitTypesByCode', asked(cobalt, at('clinic_3')), 'dental');
	expect(others.results).toEqual([]);
	expect(await loadOptions('providersById', asked(cobalt, at('clinic_2')))).not.toEqual([]);
	const tokens = cobalt.world.requests().map(({ headers }) => headers.access_token);
	const { accessToken } = clinicAt(cobalt, 2).keys;
	expect(tokens).toEqual([keys.accessToken, accessToken, keys.accessToken]);
});

it.each<[string, INodeParameters]>([
	['empty', at('')],
	['an expression without a value', at(null)],
	['an expression that the editor could not resolve', at('={{ $json.access_token_reference_id }}')],
	['missing', {}],
])('shows no list when the clinic is %s', async (_, parameters) => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	const search = searchList('providersById', asked(cobalt, parameters));
	await expect(search).rejects.toThrow("Choose a 'Clinic' first to see its list");
	expect(cobalt.world.requests()).toEqual([]);
});

it('shows no list for a clinic that is not in the credential', async () => {
	const cobalt = await cobaltForTest({ clinics: 3 });
	const search = searchList('providersById', asked(cobalt, at('clinic_4')));
	await expect(search).rejects.toThrow(
		"'Clinic' is not one of the clinics in the Cobalt credential",
	);
	expect(cobalt.world.requests()).toEqual([]);
});
