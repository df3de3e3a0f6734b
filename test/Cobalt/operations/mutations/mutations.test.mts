/** What Cobalt does at once: providers, locations and webhooks. */
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../../tools/fake-cobalt/index.mts';
import { cobaltForTest } from '../../setup.mts';
import { first } from '../atOnce/case.mts';
import { change, provider, REGISTER, UPDATE } from './setup.mts';

describe('Provider: Update', () => {
	it.each([
		['picked from the list', (id: string) => ({ __rl: true, mode: 'list', value: id }), ''],
		['given by ID', (id: string) => ({ __rl: true, mode: 'id', value: id }), ''],
		['given by an expression', (id: string) => `={{ "${id}" }}`, ''],
		['given by EHR ID', () => ({ __rl: true, mode: 'ehrId', value: '118' }), '/providers/ehr/118'],
		[
			'given by EHR ID, which is a number',
			() => ({ __rl: true, mode: 'ehrId', value: '={{ 118 }}' }),
			'/providers/ehr/118',
		],
	])('updates a provider that is %s', async (_, providerId, path) => {
		const cobalt = await cobaltForTest();
		const { id } = provider(cobalt);
		const { ended, requests } = await change(cobalt, {
			...UPDATE,
			providerId: providerId(id),
			updateFields: { status: 'inactive' },
		});
		expect(requests).toEqual([
			expect.objectContaining({
				method: 'PATCH',
				path: path === '' ? `/providers/${id}` : path,
				body: { status: 'inactive' },
			}),
		]);
		expect(provider(cobalt).status).toBe('inactive');
		expect(ended.json()).toEqual([
			{ provider_id: id, message: 'Provider status and hours updated successfully.' },
		]);
	});

	it('does not use an EHR ID as a Cobalt ID', async () => {
		const cobalt = await cobaltForTest();
		const { ended } = await change(cobalt, {
			...UPDATE,
			providerId: { __rl: true, mode: 'id', value: '118' },
			updateFields: { status: 'inactive' },
		});
		expect(ended.error?.message).toBe(
			'Provider: Update was not submitted: Cobalt did not find what was requested: Provider not found. [item 0]',
		);
	});

	it.each([
		['/', 'a%2Fb', 'a/b'],
		['a question mark', 'a%3Fb', 'a?b'],
	])('encodes %s in an ID', async (_, encoded, value) => {
		const cobalt = await cobaltForTest();
		const { requests } = await change(cobalt, {
			...UPDATE,
			providerId: { __rl: true, mode: 'ehrId', value },
			updateFields: { status: 'inactive' },
		});
		expect(requests.map(({ path }) => path)).toEqual([`/providers/ehr/${encoded}`]);
	});

	it.each([
		['..', "'Provider' is not an ID"],
		['', "'Provider' is empty"],
	])('refuses the ID "%s" before any request', async (value, message) => {
		const cobalt = await cobaltForTest();
		const { ended, requests } = await change(cobalt, {
			...UPDATE,
			providerId: { __rl: true, mode: 'ehrId', value: `={{ "${value}" }}` },
			updateFields: { status: 'inactive' },
		});
		expect(ended.error?.message).toBe(`${message} [item 0]`);
		expect(requests).toEqual([]);
	});

	it.each([
		[false, 'false'],
		[true, 'true'],
	])('sends %s as the text of the API', async (hideInAvailability, hide_in_availability) => {
		const cobalt = await cobaltForTest();
		const { requests } = await change(cobalt, {
			...UPDATE,
			providerId: provider(cobalt).id,
			updateFields: { hideInAvailability },
		});
		expect(requests.map(({ body }) => body)).toEqual([{ hide_in_availability }]);
		expect(provider(cobalt).hide_in_availability).toBe(hideInAvailability);
	});

	it.each([{}, { status: '={{ null }}' }])(
		'sends no request when the fields to update are %j',
		async (updateFields) => {
			const cobalt = await cobaltForTest();
			const { ended, requests } = await change(cobalt, {
				...UPDATE,
				providerId: provider(cobalt).id,
				updateFields,
			});
			expect(ended.error?.message).toBe("'Update Fields' is empty [item 0]");
			expect(requests).toEqual([]);
		},
	);
});

describe('working hours', () => {
	/** As text, which the editor gives. An expression is one when it starts with =. */
	async function setHours(cobalt: Cobalt, hours: string) {
		return await change(cobalt, {
			...UPDATE,
			providerId: provider(cobalt).id,
			updateFields: { hours },
		});
	}

	it.each([
		['text', '[{"day":"Tuesday","shifts":[{"start":"T09:00:00","end":"T17:00:00"}]}]'],
		['short times', '[{"day":"tuesday","shifts":[{"start":"09:00","end":"T17:00"}]}]'],
		[
			'what an expression gives',
			'={{ [{ day: "Tuesday", shifts: [{ start: "09:00:00", end: "17:00:00" }] }] }}',
		],
		[
			'empty fields',
			'[{"day":"Tuesday","shifts":[{"start":"09:00","end":"17:00","facility_id":"","set_recur":null}]}]',
		],
	])('sends working hours in the documented form: %s', async (_, hours) => {
		const cobalt = await cobaltForTest();
		const { ended, requests } = await setHours(cobalt, hours);
		expect(ended.error).toBeUndefined();
		expect(requests.map(({ body }) => body)).toEqual([
			{ hours: [{ day: 'Tuesday', shifts: [{ start: 'T09:00:00', end: 'T17:00:00' }] }] },
		]);
		expect(provider(cobalt).hours.map(({ day }) => day)).toEqual(['Tuesday']);
	});

	it('sends a day off as an empty list', async () => {
		const cobalt = await cobaltForTest();
		const { requests } = await setHours(cobalt, '[{"day":"Sunday","shifts":[]}]');
		expect(requests.map(({ body }) => body)).toEqual([{ hours: [{ day: 'Sunday', shifts: [] }] }]);
	});

	const shift = (inner: string) => `[{"day":"Monday","shifts":[{${inner}}]}]`;
	const TIMES = '"start":"08:00","end":"12:00"';

	it.each([
		['half of the JSON', '[{"day":', 'is not valid JSON'],
		['words', 'mornings', 'is not valid JSON'],
		['an object', '{"day":"Monday"}', 'is not a list'],
		['no days', '[]', 'is not a list'],
		['text for a day', '["Monday"]', 'is not an object'],
		['no day', '[{"shifts":[]}]', "has no 'day'"],
		['no shifts', '[{"day":"Monday"}]', "has no 'shifts'"],
		['an unknown day', '[{"day":"Mon","shifts":[]}]', "has a 'day' that is not a valid option"],
		['no end', shift('"start":"08:00"'), "has a 'shifts' that has no 'end'"],
		[
			'25 hours',
			shift('"start":"25:00","end":"26:00"'),
			"has a 'shifts' that has a 'start' that is not a time of day",
		],
		['an unknown key', shift(`${TIMES},"room":"7"`), "has a 'shifts' that has an unknown field"],
		[
			'the key by which Cobalt reads it back',
			shift(`${TIMES},"recurrence":{}`),
			"has a 'shifts' that has an unknown field",
		],
		[
			'__proto__ among the keys',
			shift(`${TIMES},"__proto__":{"admin":true}`),
			"has a 'shifts' that has an unknown field",
		],
		[
			'__proto__ at the top',
			'[{"day":"Monday","shifts":[],"__proto__":{"admin":true}}]',
			'has an unknown field',
		],
		[
			'constructor',
			'[{"day":"Monday","shifts":[],"constructor":{"prototype":{}}}]',
			'has an unknown field',
		],
		[
			'a recurrence of months',
			shift(`${TIMES},"set_recur":{"recur_interval_type":"months"}`),
			"has a 'shifts' that has a 'set_recur' that has a 'recur_interval_type' that is not a valid option",
		],
	])('refuses working hours before any request: %s', async (_, hours, message) => {
		const cobalt = await cobaltForTest();
		const { ended, requests } = await setHours(cobalt, hours);
		expect(ended.error?.message).toBe(`'Working Hours (JSON)' ${message} [item 0]`);
		expect(requests).toEqual([]);
		expect(Object.prototype).not.toHaveProperty('admin');
	});

	it('reports that Cobalt refused working hours at an unknown location', async () => {
		const cobalt = await cobaltForTest();
		const { ended } = await setHours(cobalt, shift(`${TIMES},"facility_id":"999"`));
		expect(ended.error?.message).toBe(
			'Provider: Update was not submitted: Cobalt did not find what was requested: Location not found. [item 0]',
		);
		expect(provider(cobalt).hours).toHaveLength(3);
	});
});

describe('Location: Update', () => {
	it('deactivates and activates a location', async () => {
		const cobalt = await cobaltForTest();
		const { id } = first(cobalt.world.locations({ ehr_id: '2' }));
		for (const status of ['inactive', 'active'] as const) {
			const { ended } = await change(cobalt, {
				resource: 'location',
				operation: 'update',
				locationId: { __rl: true, mode: 'list', value: id },
				status,
			});
			expect(ended.json()).toEqual([
				{ location_id: id, message: 'Location status updated successfully.' },
			]);
			expect(first(cobalt.world.locations({ id })).status).toBe(status);
		}
	});

	it('reports a location that Cobalt does not know, such as an EHR ID', async () => {
		const cobalt = await cobaltForTest();
		const { ended } = await change(cobalt, {
			resource: 'location',
			operation: 'update',
			locationId: '2',
			status: 'inactive',
		});
		expect(ended.error?.message).toBe(
			'Location: Update was not submitted: Cobalt did not find what was requested: Location not found. [item 0]',
		);
	});
});

describe('webhooks', () => {
	it.each([
		['guide', false],
		['example', true],
		['schema', true],
	] as const)('registers a webhook with the response of the %s', async (webhookResponse, hasId) => {
		const cobalt = await cobaltForTest({ webhookResponse });
		const { ended } = await change(cobalt, REGISTER, { items: [{ path: 'a' }] });
		const { id, url, secret } = first(cobalt.world.webhooks());
		expect(url).toBe('https://example.com/a');
		expect(ended.json()).toEqual([
			hasId
				? { webhook_id: id, webhook_url: url, webhook_secret: secret }
				: { message: 'Webhook registered successfully', webhook_secret: secret },
		]);
	});

	it.each(['guide', 'example', 'schema'] as const)(
		'returns the response of the %s when Output is Raw',
		async (webhookResponse) => {
			const cobalt = await cobaltForTest({ webhookResponse });
			const { ended } = await change(
				cobalt,
				{ ...REGISTER, output: 'raw' },
				{ items: [{ path: 'a' }] },
			);
			const { id, url, secret } = first(cobalt.world.webhooks());
			const responses = {
				guide: { message: 'Webhook registered successfully', webhook_secret_key: secret },
				example: { webhook_id: id, webhook_url: url, webhook_secret: secret },
				schema: { webhook: { webhook_id: id, webhook_url: url, webhook_secret_key: secret } },
			};
			expect(ended.json()).toEqual([{ success: true, ...responses[webhookResponse] }]);
		},
	);

	it.each([
		['http://example.com/hook', "'Webhook URL' is not an HTTPS URL"],
		['example.com/hook', "'Webhook URL' is not an HTTPS URL"],
		['javascript:alert(1)', "'Webhook URL' is not an HTTPS URL"],
	])('does not register %s', async (webhookUrl, message) => {
		const cobalt = await cobaltForTest();
		const { ended, requests } = await change(cobalt, { ...REGISTER, webhookUrl });
		expect(ended.error?.message).toBe(`${message} [item 0]`);
		expect(requests).toEqual([]);
	});

	it('lists webhooks, rotates a secret, and deletes a webhook by its listed ID', async () => {
		const cobalt = await cobaltForTest();
		await change(cobalt, REGISTER, { items: [{ path: 'a' }, { path: 'b' }] });
		const list = async () =>
			(await change(cobalt, { resource: 'webhook', operation: 'getAll' })).ended.json();
		const { id, secret } = first(cobalt.world.webhooks());
		const other = first(cobalt.world.webhooks({ url: 'https://example.com/b' }));
		expect(await list()).toEqual([
			{ webhook_url: 'https://example.com/a', webhook_id: id, webhook_secret: secret },
			{ webhook_url: 'https://example.com/b', webhook_id: other.id, webhook_secret: secret },
		]);

		const parameters = { resource: 'webhook', webhookId: id };
		const { ended: rotated } = await change(cobalt, { ...parameters, operation: 'rotateSecret' });
		const now = first(cobalt.world.webhooks({ id }));
		expect(now.secret).not.toBe(secret);
		expect(now.previous?.secret).toBe(secret);
		expect(rotated.json()).toEqual([{ webhook_id: id, webhook_secret: now.secret }]);

		const { ended: removed } = await change(cobalt, { ...parameters, operation: 'delete' });
		expect(removed.json()).toEqual([
			{ webhook_id: id, deleted: true, message: 'Webhook URL removed successfully' },
		]);
		expect(cobalt.world.webhooks().map(({ id }) => id)).toEqual([other.id]);
		expect(await list()).toEqual([expect.objectContaining({ webhook_id: other.id })]);
	});

	it.each(['delete', 'rotateSecret'])('%s reports an unknown webhook ID', async (operation) => {
		const cobalt = await cobaltForTest();
		const parameters = { resource: 'webhook', operation, webhookId: 'rotate-secret' };
		const { ended } = await change(cobalt, parameters);
		expect(ended.error?.message).toContain(
			' was not submitted: Cobalt did not find what was requested: Webhook not found. [item 0]',
		);
	});

	it('returns an empty list when no webhook is registered', async () => {
		const cobalt = await cobaltForTest();
		const { ended } = await change(cobalt, { resource: 'webhook', operation: 'getAll' });
		expect(ended.error).toBeUndefined();
		expect(ended.json()).toEqual([]);
	});
});
