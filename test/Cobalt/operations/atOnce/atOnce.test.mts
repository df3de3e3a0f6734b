/**
 * Every operation that Cobalt answers at once: exactly what is sent, and what comes out. What they have
 * in common (pages, patience, errors) has files of its own.
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { fieldsOf, type Operation } from '../../../../nodes/Cobalt/declarations/operation.js';
import { resources } from '../../../../nodes/Cobalt/resources/index.js';
import type { Cobalt } from '../../../../tools/fake-cobalt/index.mts';
import { connect } from '../../../fake-cobalt/setup.mts';
import { cobaltForTest, run } from '../../setup.mts';
import { busyCobalt, watched } from '../submissions/watched.mts';
import { first, type Case, type Sent } from './case.mts';
import { casesAtOnce } from './cases.mts';

type AtOnce = Exclude<Operation, { kind: 'submission' | 'jobLookUp' }>;

const isAtOnce = (operation: Operation): operation is AtOnce =>
	operation.kind !== 'submission' && operation.kind !== 'jobLookUp';

/** What the node offers, by the names of the cases. */
const declared = resources.flatMap(({ value: resource, operations }) =>
	operations.filter(isAtOnce).map((operation) => ({
		name: `${resource}: ${operation.value}`,
		chosen: { resource, operation: operation.value },
		operation,
	})),
);

function caseOf(name: string, cobalt: Cobalt): Case {
	const make = casesAtOnce[name];
	if (!make) throw new Error(`There is no case for ${name}`);
	return make(cobalt.world);
}

it('each read and each change has a case, and each case has an operation', () => {
	expect(Object.keys(casesAtOnce).sort()).toEqual(declared.map(({ name }) => name).sort());
});

/** The names of all parameters that have a value, also of those inside collections. */
function filledIn(parameters: INodeParameters): string[] {
	return Object.entries(parameters).flatMap(([name, value]) =>
		['filters', 'updateFields', 'additionalFields', 'options'].includes(name)
			? Object.keys(value as object)
			: [name],
	);
}

async function runCase(
	cobalt: Cobalt,
	parameters: INodeParameters,
	meanwhile: () => void = () => undefined,
) {
	const { ended, requests } = await watched(
		cobalt,
		async () => await run(cobalt, { parameters, items: [{}], meanwhile }),
	);
	expect(ended.error).toBeUndefined();
	return { ended, requests };
}

function expectSent(requests: Sent[], expected: Sent | undefined): void {
	const sent = requests.map(({ method, path, query, body }) => ({ method, path, query, body }));
	expect(sent).toEqual([{ query: {}, body: undefined, ...expected }]);
}

describe.each(declared)('$name', ({ name, chosen, operation }) => {
	it('fills in every field of the operation in its case', async () => {
		const { full } = caseOf(name, await busyCobalt());
		expect(filledIn(full).sort()).toEqual(
			fieldsOf(operation)
				.map(({ property }) => property.name)
				.sort(),
		);
	});

	it('sends all fields once, under the documented names', async () => {
		const cobalt = await busyCobalt();
		const { full, sent, meanwhile } = caseOf(name, cobalt);
		const { requests } = await runCase(cobalt, { ...chosen, ...full }, meanwhile);
		expectSent(requests, sent);
		const { clientId, clientSecret, accessToken } = cobalt.keys;
		const { client_id, client_secret, access_token } = requests[0]?.headers ?? {};
		expect([client_id, client_secret]).toEqual([clientId, clientSecret]);
		expect(access_token).toBe(operation.kind === 'link' ? undefined : accessToken);
	});

	it('sends no field that is empty', async () => {
		const cobalt = await busyCobalt();
		const { full, sent, bare = full, sentBare = sent } = caseOf(name, cobalt);
		const { requests } = await runCase(cobalt, { ...chosen, ...bare });
		expectSent(requests, sentBare);
	});

	it("returns the result in the node's own spelling", async () => {
		const cobalt = await busyCobalt();
		const { full, item, meanwhile } = caseOf(name, cobalt);
		const { ended } = await runCase(cobalt, { ...chosen, ...full }, meanwhile);
		const [found] = ended.items();
		expect(found?.json).toEqual(item());
		expect(found?.pairedItem).toEqual({ item: 0 });
	});
});

/** Inside of an answer, where a dot leads into an object. */
function inside(response: object, key: string): unknown {
	return key.split('.').reduce<unknown>((value, name) => (value as IDataObject)[name], response);
}

/** What Cobalt says of each record. */
function recordsIn(response: Record<string, unknown>, operation: AtOnce): unknown[] {
	const { success, ...rest } = response;
	expect(success).toBe(true);
	if (operation.kind === 'list') {
		const { key, shared = [] } = operation;
		const ofAll = Object.fromEntries(shared.map((name) => [name, response[name]]));
		return (inside(response, key) as object[]).map((record) => ({ ...ofAll, ...record }));
	}
	const key = operation.kind === 'record' ? operation.key : undefined;
	return [key === undefined ? rest : inside(response, key)].flat();
}

/** Whether what comes out is what Cobalt sent. */
const handsOver = ({ operation }: { operation: AtOnce }): boolean =>
	operation.kind === 'record' || (operation.kind === 'list' && operation.derive === undefined);

describe.each(declared.filter(handsOver))(
	'$name, with Output set to Raw',
	({ name, chosen, operation }) => {
		it('returns what Cobalt sent when Output is Raw', async () => {
			const cobalt = await busyCobalt();
			const { full, sent, meanwhile } = caseOf(name, cobalt);
			const { ended } = await runCase(cobalt, { ...chosen, ...full, output: 'raw' }, meanwhile);
			const { data } = await connect(cobalt).get(sent.path, sent.query);
			expect(ended.json().length).toBeGreaterThan(0);
			expect(ended.json()).toEqual(recordsIn(data, operation));
		});
	},
);

const EVENTS = { resource: 'webhookEvent', operation: 'getAll' };

describe('a Cobalt that spells responses in another way', () => {
	it('lists orders in their older shape', async () => {
		const cobalt = await busyCobalt({ orders: 'old' });
		const { id } = first(cobalt.world.orders());
		const parameters = { resource: 'order', operation: 'getAll', patientMrn: '123456789' };
		const { ended } = await runCase(cobalt, parameters);
		expect(ended.json()).toHaveLength(3);
		expect(ended.json()[0]).toEqual({
			order_id: id,
			order_date: '2025-03-01',
			type: 'lab',
			status: 'completed',
			details: { name: 'Complete blood count' },
		});
	});

	it('returns amounts as text when Cobalt sends them as text', async () => {
		const cobalt = await busyCobalt({ money: 'string' });
		const { full } = caseOf('claim: getAll', cobalt);
		const { ended } = await runCase(cobalt, { resource: 'claim', operation: 'getAll', ...full });
		expect(ended.json()).toEqual([
			expect.objectContaining({ total_charge: '350.00', total_payment: '0.00', balance: '350.00' }),
		]);
	});

	it.each(['plain', 'prefixed'] as const)(
		'returns each event in the same spelling when the log is %s',
		async (spelling) => {
			const cobalt = await cobaltForTest({ spelling });
			const event = { type: 'appointment.created', jobId: '77', data: { mrn: '804' } };
			const { ended } = await runCase(cobalt, EVENTS, () => {
				cobalt.world.addEvent({ ...event, created: '2025-03-05T10:00:00.000Z' });
			});
			expect(ended.json()).toEqual([
				{
					event_id: first(cobalt.world.events()).id,
					event_type: 'appointment.created',
					event_created_at: '2025-03-05T10:00:00.000Z',
					job_id: '77',
					access_token_reference_id: 'clinic_1',
					delivery_status: first(cobalt.world.events()).delivery.status,
					data: { mrn: '804' },
				},
			]);
		},
	);

	it.each(['plain', 'prefixed'] as const)(
		'lists the newest events first when the log is %s',
		async (spelling) => {
			const cobalt = await cobaltForTest({ spelling });
			const filters = { oldestFirst: false };
			const { ended } = await runCase(cobalt, { ...EVENTS, filters }, () => {
				for (const day of ['05', '07', '06']) {
					cobalt.world.addEvent({
						type: 'patient.updated',
						created: `2025-03-${day}T10:00:00.000Z`,
						data: { day },
					});
				}
			});
			expect(ended.json().map(({ data }) => data)).toEqual([
				{ day: '07' },
				{ day: '06' },
				{ day: '05' },
			]);
		},
	);
});

describe('values from the editor and from expressions', () => {
	it('accepts an ID as a resource locator, as plain text and from an expression', async () => {
		const cobalt = await busyCobalt();
		const { id } = first(cobalt.world.locations());
		for (const locationId of [{ __rl: true, mode: 'id', value: id }, id, `={{ "${id}" }}`]) {
			const { requests } = await runCase(cobalt, {
				resource: 'location',
				operation: 'update',
				locationId,
				status: '={{ "Inactive" }}',
			});
			expectSent(requests, {
				method: 'PATCH',
				path: `/locations/${id}`,
				body: { status: 'inactive' },
			});
		}
	});

	it('accepts several IDs as a list or as text with commas', async () => {
		const cobalt = await busyCobalt();
		for (const providerIds of [
			'={{ ["118", 204] }}',
			'={{ "118, 204" }}',
			'={{ JSON.stringify(["118", 204]) }}',
		]) {
			const { requests } = await runCase(cobalt, {
				resource: 'availability',
				operation: 'getAll',
				startDate: '2025-06-02',
				endDate: '2025-06-02',
				filters: { providerIds },
			});
			expect(requests[0]?.query).toMatchObject({ provider_ids: '118,204' });
		}
	});

	it.each([
		['={{ null }}', 'is empty, which would return all records'],
		['={{ "  " }}', 'is empty, which would return all records'],
		['={{ $json.missing }}', 'has an expression that returns undefined'],
	])(
		'refuses a filter whose expression returns nothing, rather than return everybody: %s',
		async (mrn, message) => {
			const cobalt = await busyCobalt();
			const filters = { lastName: 'a', mrn };
			const parameters = { resource: 'patient', operation: 'getAll', filters };
			const { ended, requests } = await watched(
				cobalt,
				async () => await run(cobalt, { parameters, items: [{}] }),
			);
			expect(ended.error?.message).toBe(`'Patient MRN' ${message} [item 0]`);
			expect(requests).toEqual([]);
		},
	);

	it('encodes special characters in a query', async () => {
		const cobalt = await busyCobalt();
		const name = 'a&b=c?d#e/é +%20';
		const { requests } = await runCase(cobalt, {
			resource: 'insuranceProvider',
			operation: 'getAll',
			filters: { name },
		});
		expect(requests[0]?.query).toEqual({ name, page: '1', page_size: '50' });
	});

	it('reads the newest referrals first when Oldest First is off', async () => {
		const cobalt = await busyCobalt();
		const { requests } = await runCase(cobalt, {
			resource: 'referral',
			operation: 'getAll',
			startDate: '2025-02-01',
			endDate: '2025-03-01',
			filters: { oldestFirst: false },
		});
		expect(requests[0]?.query).not.toHaveProperty('sort');
	});
});

it.each([
	['appointment', { startDate: '2025-06-06', endDate: '2025-06-02' }, "'End Date' is before"],
	['claim', { startDate: '={{ "" }}', endDate: '2025-06-02' }, "'Start Date' is empty"],
	['referral', { startDate: '2025-06-02', endDate: 'soon' }, "'End Date' is not a date"],
	['order', { patientMrn: '={{ $json.nope }}' }, "'Patient MRN' is empty"],
	['patient', { limit: 0 }, "'Limit' is not a number"],
	['patient', { limit: 1.5 }, "'Limit' is not a whole number"],
	['patient', { filters: { phone: '555' } }, "'Phone' is not a 10-digit phone number"],
	['patient', { returnAll: '={{ "maybe" }}' }, "'Return All' is not true or false"],
	[
		'availability',
		{ startDate: '2025-06-02', endDate: '2025-06-02', options: { buffer: -1 } },
		"'Buffer (Minutes)' is not a number",
	],
])('%s: Get Many sends no request when %j', async (resource, parameters, message) => {
	const cobalt = await busyCobalt();
	const { ended, requests } = await watched(
		cobalt,
		async () =>
			await run(cobalt, {
				parameters: { resource, operation: 'getAll', ...parameters },
				items: [{}],
			}),
	);
	expect(ended.error?.message).toContain(message);
	expect(requests).toEqual([]);
});
