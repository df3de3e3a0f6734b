import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { inVirtualTime } from '../../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, startWorkflow } from '../../../tools/n8n-host/workflow.mts';
import { play, polling } from '../../CobaltTrigger/setup.mts';
import { bookings, cobaltForTest, CREATE, credentialOf, run } from '../setup.mts';

const SEARCH = { resource: 'patient', operation: 'getAll' };

const UNDEFINED = 'has an expression that returns undefined [item 0]';

/** What is filled in, and what the message says of it. */
const lost: Array<[string, INodeParameters, string]> = [
	[
		'a guard that is misspelled',
		{ ...CREATE, additionalFields: { preventDoubleBooking: '={{ $json.prevent }}' } },
		`'Prevent Double Booking' ${UNDEFINED}`,
	],
	[
		'a part of a note',
		{ ...CREATE, additionalFields: { note: '=Called by {{ $json.guardian.name }} at noon' } },
		`'Note' ${UNDEFINED}`,
	],
	['a part of an MRN', { ...CREATE, mrn: '=MRN-{{ $json.nope }}' }, `'Patient MRN' ${UNDEFINED}`],
	[
		'an id that is picked',
		{
			...CREATE,
			additionalFields: {
				secondaryProvider: { __rl: true, mode: 'id', value: '={{ $json.nope }}' },
			},
		},
		`'Secondary Provider' ${UNDEFINED}`,
	],
	[
		'one of several values',
		{
			resource: 'availability',
			operation: 'getAll',
			startDate: '2025-06-02',
			endDate: '2025-06-02',
			filters: { providerIds: ['118', '={{ $json.nope }}'] },
		},
		`'Provider Names or IDs' ${UNDEFINED}`,
	],
	[
		'syntax',
		{ ...CREATE, additionalFields: { reason: 'x', note: '={{ $json. }}' } },
		"'Note' has an expression that fails: invalid syntax [item 0]",
	],
	[
		"n8n's own advice",
		{ ...CREATE, options: { timeout: '={{ $json.nope.toDateTime() }}' } },
		"'Timeout (Seconds)' has an expression that fails: toDateTime can't be used on undefined value [item 0]",
	],
];

describe('an expression that returns undefined or fails', () => {
	it.each(lost)('refuses a lost value before any request: %s', async (_, parameters, message) => {
		const cobalt = await cobaltForTest();
		const { error } = await run(cobalt, { parameters });
		expect(error?.message).toBe(message);
		expect(error?.description).toBeTruthy();
		expect(cobalt.world.requests()).toEqual([]);
	});

	it.each(['={{ null }}', '={{ "" }}', "={{ $json.nope ?? '' }}", '={{ "  " }}', ''])(
		'leaves out an empty value: %s',
		async (reason) => {
			const cobalt = await cobaltForTest();
			await run(cobalt, { parameters: { ...CREATE, additionalFields: { reason } } });
			expect(cobalt.world.appointments()).toHaveLength(1);
			const [sent] = cobalt.world.requests({ method: 'POST' });
			expect(sent?.body).not.toHaveProperty('reason');
		},
	);

	it.each([
		[{ startFrom: '={{ $vars.nope }}' }, "'Start From' has an expression that returns undefined"],
		[{ overlap: 5, clinics: '={{ $vars. }}' }, "'Clinics' has an expression that fails: invalid"],
	])('refuses a lost value in the trigger as well: %j', async (options, message) => {
		await play(async (scene) => {
			await expect(scene.host.activate(polling({ options }))).rejects.toThrow(message);
			expect(scene.cobalt.world.requests()).toEqual([]);
		});
	});
});

describe('an empty filter', () => {
	it.each<[string, INodeParameters]>([
		['Provider Names or IDs', { providerIds: [] }],
		['Provider Names or IDs', { providerIds: '={{ [] }}' }],
		['Provider Names or IDs', { providerIds: '={{ " , " }}' }],
		['Location Names or IDs', { locationIds: '={{ null }}' }],
		['Location Names or IDs', { locationIds: '={{ "" }}' }],
	])('refuses an empty filter, which would list everything: %s %j', async (label, filters) => {
		const cobalt = await cobaltForTest();
		const days = { startDate: '2025-06-02', endDate: '2025-06-02' };
		const parameters = { resource: 'availability', operation: 'getAll', ...days, filters };
		const { error } = await run(cobalt, { parameters });
		expect(error?.message).toBe(`'${label}' is empty, which would return all records [item 0]`);
		expect(cobalt.world.requests()).toEqual([]);
	});
});

/** The node as the tool of an agent, which has called it with these values. */
async function asTool(cobalt: Cobalt, parameters: INodeParameters, agent: IDataObject) {
	const file = cobaltWorkflow(parameters, { items: [agent] });
	const node = file.nodes.find(({ name }) => name === 'Cobalt');
	if (node) node.type = 'n8n-nodes-cobalt.cobaltTool';
	return await inVirtualTime(
		async () => await startWorkflow(file, { credential: credentialOf(cobalt) }).result,
		() => cobalt.faults.heldBack,
	);
}

const fromAgent = (name: string) =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${name}') }}`;

const FILTERS = {
	lastName: fromAgent('last'),
	firstName: fromAgent('first'),
	dob: fromAgent('dob'),
};

describe('a filter that an agent leaves empty', () => {
	it.each<[string, IDataObject]>([
		['empty text', { last: 'Lovelace', first: '', dob: '' }],
		['null', { last: 'Lovelace', first: null, dob: null }],
		['nothing', { last: 'Lovelace' }],
	])('leaves out an empty filter of an agent beside another one: %s', async (_, agent) => {
		const cobalt = await cobaltForTest();
		const ended = await asTool(cobalt, { ...SEARCH, filters: FILTERS }, agent);
		expect(ended.error).toBeUndefined();
		const [request] = cobalt.world.requests({ path: '/patients' });
		expect(request?.query).toMatchObject({ last_name: 'Lovelace' });
		expect(request?.query).not.toHaveProperty('first_name');
	});

	it('leaves out a filter that is saved empty in the tool of an agent', async () => {
		const cobalt = await cobaltForTest();
		const filters = { lastName: fromAgent('last'), firstName: '', dob: '={{ null }}' };
		const ended = await asTool(cobalt, { ...SEARCH, filters }, { last: 'Lovelace' });
		expect(ended.error).toBeUndefined();
	});

	it.each<[IDataObject]>([[{}], [{ last: '', first: ' ', dob: null }]])(
		'refuses a search when all filters of an agent are empty: %j',
		async (agent) => {
			const cobalt = await cobaltForTest();
			const { error } = await asTool(cobalt, { ...SEARCH, filters: FILTERS }, agent);
			expect(error?.message).toBe(
				"'Filters' are all empty, which would return all records. Fill in at least one of them.",
			);
			expect(cobalt.world.requests()).toEqual([]);
		},
	);

	it('tells an agent that writes a word for a missing value to leave it empty', async () => {
		const cobalt = await cobaltForTest();
		const agent = { last: 'Lovelace', first: '', dob: '', phone: 'null' };
		const filters = { ...FILTERS, phone: fromAgent('phone') };
		const { error } = await asTool(cobalt, { ...SEARCH, filters }, agent);
		expect(error?.message).toMatch(/^'Phone' has "null" where .* leave the field empty\.$/);
		expect(cobalt.world.requests()).toEqual([]);
	});

	it.each([
		["={{ $('Trigger').item.json.verified ?? '' }}", 'is empty, which would return all records'],
		["={{ $('Trigger').item.json.verified }}", 'has an expression that returns undefined'],
	])('refuses an empty filter that the workflow should fill in: %s', async (mrn, message) => {
		const cobalt = await cobaltForTest();
		const filters = { mrn, lastName: fromAgent('last') };
		const { error } = await asTool(cobalt, { ...SEARCH, filters }, { last: 'Lovelace' });
		expect(error?.message).toContain(`'Patient MRN' ${message}`);
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('leaves out empty optional fields and options of an agent', async () => {
		const cobalt = await cobaltForTest();
		const parameters = {
			...CREATE,
			additionalFields: { note: fromAgent('note'), reason: '=Asked by {{ $fromAI("who") }}' },
			options: { timeout: fromAgent('timeout') },
		};
		const ended = await asTool(cobalt, parameters, { ...bookings(1)[0] });
		expect(ended.error).toBeUndefined();
		expect(cobalt.world.appointments()).toHaveLength(1);
	});
});
