import type { INodeParameters, INodeProperties, NodeParameterValueType } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Field } from '../../../nodes/Cobalt/declarations/field.js';
import { nodeProperties } from '../../../nodes/Cobalt/description/properties.js';
import { cobaltForTest, run } from '../setup.mts';
import { kindOf } from './fieldKinds.mts';
import { cases, type Case, withFiles, fill } from './operationCases.mts';

/** Whether only the tool of an agent has it. */
const isOfTool = ({ displayOptions }: INodeProperties) =>
	displayOptions?.show?.['@tool'] !== undefined;

/** What n8n shows for an operation beside the fields that are declared. */
const settingCases = cases.flatMap((one): Array<[string, Case, string, INodeProperties]> => {
	const { operation, parameters } = one;
	const declared = operation.fields.map(({ property }) => property.name);
	const shown = nodeProperties().filter(
		({ name, type, displayOptions: { show } = {} }) =>
			show?.resource?.[0] === parameters.resource &&
			show?.operation?.[0] === parameters.operation &&
			type !== 'notice' &&
			![...declared, operation.optional?.name].includes(name),
	);
	return shown.flatMap((property) => {
		const inner = property.name === 'options' ? (property.options as INodeProperties[]) : [];
		const own = property.name === 'options' ? [] : [property];
		const ofNode = [...own, ...inner].filter((setting) => !isOfTool(setting));
		return ofNode.map((setting): [string, Case, string, INodeProperties] => [
			`${one.title}: ${setting.displayName}`,
			one,
			property.name,
			setting,
		]);
	});
});

/** What the other settings have to be, so that this one is shown. */
const shownBy = ({ displayOptions: { show = {} } = {} }: INodeProperties): INodeParameters =>
	Object.fromEntries(
		Object.entries(show).flatMap(([name, values]) => {
			const isSetting = !['resource', 'operation', '@tool'].includes(name);
			return isSetting ? [[name, values?.[0]]] : [];
		}),
	);

/** They fail in different ways, to which n8n answers differently. */
const FAILING =
	"={{ [() => $json.nope, () => $json.nope.deep, () => $jsn, () => $('Nope').item.json.x][$itemIndex]() }}";

describe('settings whose expression fails', () => {
	it.each(settingCases)('refuses the failing expression of %s', async (_, one, name, setting) => {
		const { fields, optional } = one.operation;
		const filledIn = [
			...fields.filter(({ key }) => key === 'insurance_provider_id'),
			...(optional?.atLeastOne ? optional.fields.slice(0, 1) : []),
		].map((field): [Field, NodeParameterValueType] => [
			field,
			kindOf(field, one.operation).valid(field),
		]);
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, {
			...withFiles([{}, {}, {}, {}]),
			parameters: {
				waitForResult: true,
				...fill(one, filledIn),
				...shownBy(setting),
				[name]: name === 'options' ? { [setting.name]: FAILING } : FAILING,
			},
		});
		const said = [
			...Array<string>(3).fill('returns undefined'),
			"fails: Referenced node doesn't exist",
		];
		expect(ended.json('On Error').map(({ error }) => error)).toEqual(
			said.map(
				(what, index) => `'${setting.displayName}' has an expression that ${what} [item ${index}]`,
			),
		);
		expect(cobalt.world.requests()).toEqual([]);
	});
});
