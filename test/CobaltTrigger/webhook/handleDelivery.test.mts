import { createHmac } from 'node:crypto';
import axios from 'axios';
import { describe, expect, it } from 'vitest';

import {
	allDelivered,
	atCobalt,
	deliverChanges,
	minutes,
	patientUpdated,
	play,
	runs,
	emitted,
	emittedIds,
	webhook,
	type Scene,
} from '../setup.mts';

/** Posts what Cobalt could have signed, or what somebody has made of it. */
async function post({ cobalt }: Scene, url: string, body: unknown, sent?: string) {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const secret = String(cobalt.world.webhooks()[0]?.secret);
	const signature = createHmac('sha256', secret).update(text).digest('hex');
	const { status, data } = await axios.post<unknown>(url, sent ?? text, {
		headers: { 'content-type': 'application/json', 'cobalt-verification': signature },
		validateStatus: () => true,
	});
	return [status, data];
}

/** What Cobalt was answered, delivery by delivery. */
const responses = ({ cobalt }: Scene) => cobalt.deliveries.map(({ status }) => status);

describe('a delivery', () => {
	it.each([
		['as the documents say', {}],
		['with whitespace that is not signed', { isSpaced: true }],
		['with whitespace that is signed', { isSpaced: true, signs: 'bytes' }],
	] as const)('starts a run for a delivery, %s', async (_, plan) => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			scene.cobalt.webhookSender.plan(plan);
			await deliverChanges(scene, 'e1');
			expect(emitted(scene)).toEqual([
				{
					event_id: 'e1',
					event_type: 'patient.updated',
					event_created_at: expect.any(String) as string,
					event_source: 'ehr_staff',
					access_token_reference_id: 'clinic_1',
					mrn: '44235',
					patient_name: 'Ada Byron',
					updated_fields: { phone: '555-0100' },
				},
			]);
			expect(responses(scene)).toEqual([200]);
		});
	});

	it('answers a delivery that is filtered out, and starts nothing', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			scene.cobalt.world.addEvent({ id: 'other', type: 'task.created', jobId: '4711' });
			await allDelivered(scene);
			expect(responses(scene)).toEqual([200]);
			expect(scene.host.executions).toEqual([]);
		});
	});

	it('starts no second run for a repeated delivery', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			scene.cobalt.webhookSender.plan({ isRepeated: true });
			await deliverChanges(scene, 'e1');
			expect(responses(scene)).toEqual([200, 200]);
			expect(emittedIds(scene)).toEqual(['e1']);
			expect(scene.host.executions).toHaveLength(1);
		});
	});

	it('accepts a repeated delivery whose first run n8n could not start', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			scene.host.databaseIsDown = true;
			scene.cobalt.world.addEvent(patientUpdated('e1'));
			await minutes(0.01);
			scene.host.databaseIsDown = false;
			await allDelivered(scene);
			expect(responses(scene)).toEqual([500, 200]);
			expect(emittedIds(scene)).toEqual(['e1']);
		});
	});

	it('answers a delivery with a short word on what became of it', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook({ events: ['all'] }));
			const url = scene.host.url();
			expect(await post(scene, url, { id: '1', type: 'a.b' })).toEqual([
				200,
				{ status: 'accepted' },
			]);
			expect(await post(scene, url, { id: '1', type: 'a.b' })).toEqual([
				200,
				{ status: 'repeated' },
			]);
			// Of an unknown shape: told as it is.
			expect(await post(scene, url, { what: 'ever' })).toEqual([200, { status: 'accepted' }]);
			expect(await post(scene, url, [1, 2])).toEqual([400, { message: 'Not a Cobalt event' }]);
			await scene.host.settled();
			expect(emitted(scene)[1]).toEqual({
				event_id: '',
				event_type: '',
				event_created_at: '',
				event_source: 'ehr_staff',
				event_digest: expect.any(String) as string,
				event: { what: 'ever' },
			});
		});
	});

	it('starts nothing without a valid signature, and logs nothing of the body', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			const { status, data } = await axios.post<unknown>(
				scene.host.url(),
				{ ...patientUpdated('e1'), created: '2025-03-10T15:00:00Z' },
				{ headers: { 'cobalt-verification': 'ab'.repeat(32) }, validateStatus: () => true },
			);
			expect([status, data]).toEqual([401, { message: 'Invalid signature' }]);
			expect(scene.host.executions).toEqual([]);
			const warnings = scene.host.log().filter(({ level }) => level === 'warn');
			expect(warnings.map(({ message }) => message)).toEqual([
				expect.stringMatching(
					/^Cobalt: rejected a webhook delivery to the workflow '[^']+' \(ID [^)]+, HTTP 401\): Invalid signature$/,
				),
			]);
			expect(JSON.stringify(warnings)).not.toContain('44235');
		});
	});

	it.each(['1e999', '-1e999', 'null'])(
		'reads the body as it was signed, with a job of %s in place of null',
		async (jobId) => {
			await play(async (scene) => {
				await scene.host.activate(webhook({ source: 'ehr_staff' }));
				const event = {
					type: 'patient.updated',
					job_id: null,
					data: { mrn: '44235', visits: null },
				};
				const signed = JSON.stringify(event);
				const url = scene.host.url();
				expect(await post(scene, url, event)).toEqual([200, { status: 'accepted' }]);
				const forged = signed.replaceAll('null', jobId);
				expect(await post(scene, url, event, forged)).toEqual([200, { status: 'repeated' }]);
				await scene.host.settled();
				expect(emitted(scene)).toMatchObject([{ event_source: 'ehr_staff', visits: null }]);
			});
		},
	);

	it.each([4_000, 100_000])(
		'starts a run for a delivery that is nested %i levels deep',
		async (levels) => {
			await play(async (scene) => {
				await scene.host.activate(webhook());
				const data = `${'{"x":'.repeat(levels)}1${'}'.repeat(levels)}`;
				const text = `{"type":"patient.updated","data":${data}}`;
				expect(await post(scene, scene.host.url(), text)).toEqual([200, { status: 'accepted' }]);
				expect(await post(scene, scene.host.url(), text)).toEqual([200, { status: 'repeated' }]);
				await scene.host.settled();
				expect(emitted(scene)).toHaveLength(1);
			});
		},
	);

	it('passes on what Cobalt sent when Output is Raw', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook({ output: 'raw' }));
			await deliverChanges(scene, 'e1');
			expect(emitted(scene)).toEqual([
				{
					event_id: 'e1',
					event_type: 'patient.updated',
					event_created_at: expect.any(String) as string,
					event_source: 'ehr_staff',
					access_token_reference_id: 'clinic_1',
					event: {
						id: 'e1',
						access_token_reference_id: 'clinic_1',
						object: 'event',
						created: expect.any(String) as string,
						type: 'patient.updated',
						data: patientUpdated('e1').data,
					},
				},
			]);
		});
	});
});

describe('the webhook secret', () => {
	it.each(['account', 'each'] as const)(
		'knows the secret after a restart (one for %s)',
		async (oneSecret) => {
			await play(
				async (scene) => {
					await scene.host.activate(webhook());
					await scene.host.restart();
					await deliverChanges(scene, 'e1');
					await scene.host.crash();
					await deliverChanges(scene, 'e2');
					expect(emittedIds(scene)).toEqual(['e1', 'e2']);
				},
				{ cobalt: { oneSecret } },
			);
		},
	);

	it('reads the secret again after a rotation, and still accepts the old one', async () => {
		await play(
			async (scene) => {
				await scene.host.activate(webhook());
				await deliverChanges(scene, 'e1');
				const id = scene.cobalt.world.webhooks()[0]?.id ?? '';
				await atCobalt(scene, `/webhook/${id}/rotate-secret`);
				await deliverChanges(scene, 'e2');
				scene.cobalt.webhookSender.plan({ oldSecretForSeconds: 86_400 });
				await deliverChanges(scene, 'e3');
				expect(emittedIds(scene)).toEqual(['e1', 'e2', 'e3']);
				expect(responses(scene)).toEqual([200, 200, 200]);
			},
			{ cobalt: { oneSecret: 'account' } },
		);
	});

	it('asks for the secret at most once a minute, however many forged calls come', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			const before = scene.cobalt.world.requests({ path: '/webhook' }).length;
			for (let minute = 0; minute < 3; minute += 1) {
				await Promise.all(
					Array.from({ length: 40 }, async () =>
						axios.post(scene.host.url(), {}, { validateStatus: () => true }),
					),
				);
				await minutes(1);
			}
			expect(scene.cobalt.world.requests({ path: '/webhook' }).length - before).toBe(3);
			expect(scene.host.executions).toEqual([]);
		});
	});

	it('keeps the secret out of the static data, the items and the log', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			await deliverChanges(scene, 'e1');
			const secret = scene.cobalt.world.webhooks()[0]?.secret ?? '';
			expect(secret).not.toBe('');
			const traces = [
				scene.host.saved,
				JSON.stringify(runs(scene)),
				JSON.stringify(scene.host.log()),
			];
			for (const text of traces) expect(text).not.toContain(secret);
		});
	});
});

describe('n8n’s queue mode', () => {
	it('receives deliveries in one process and runs them in another', async () => {
		await play(async (scene) => {
			const other = await scene.host.webhookProcess();
			await scene.host.activate(webhook());
			expect(scene.cobalt.world.webhooks()[0]?.url).toBe(other.url());
			await deliverChanges(scene, 'e1', 'e2', 'e3');
			expect(emittedIds(scene).sort()).toEqual(['e1', 'e2', 'e3']);
		});
	});

	it('recognizes a repeated delivery that another process received', async () => {
		await play(async (scene) => {
			const other = await scene.host.webhookProcess();
			await scene.host.activate(webhook());
			await deliverChanges(scene, 'e1');
			const { url } = scene.cobalt.world.webhooks()[0] ?? { url: '' };
			expect(url).toBe(other.url());
			// The same event, posted to main.
			const again = { id: 'e1', type: 'patient.updated', data: {} };
			expect(await post(scene, scene.host.url(), again)).toEqual([200, { status: 'accepted' }]);
			await scene.host.settled();
			expect(emittedIds(scene)).toEqual(['e1']);
		});
	});

	it('finds the secret again when a worker overwrote the static data', async () => {
		await play(
			async (scene) => {
				await scene.host.webhookProcess();
				await scene.host.activate(webhook());
				scene.host.workerWritesStaticData();
				await deliverChanges(scene, 'e1');
				expect(emittedIds(scene)).toEqual(['e1']);
			},
			{ cobalt: { oneSecret: 'account' } },
		);
	});
});
