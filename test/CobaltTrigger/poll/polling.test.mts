import { describe, expect, it } from 'vitest';

import { savedOf } from '../../../tools/n8n-host/host.mts';
import {
	changePatients,
	ids,
	logReads,
	minutes,
	patientUpdated,
	play,
	polling,
	emitted,
	emittedIds,
} from '../setup.mts';

const HOUR_S = 3_600;

const atMinute = (minute: number): string =>
	new Date(Date.UTC(2025, 2, 10, 15, minute)).toISOString();

describe('the first activation', () => {
	it('starts from now, and emits later events, oldest first', async () => {
		await play(async (scene) => {
			changePatients(scene, 'old1', 'old2');
			await minutes(1);
			await scene.host.activate(polling());
			expect(scene.host.executions).toHaveLength(0);
			await minutes(0.5);
			changePatients(scene, 'e1');
			await minutes(0.1);
			changePatients(scene, 'e2');
			await scene.host.tick();
			expect(emittedIds(scene)).toEqual(['e1', 'e2']);
			await scene.host.runFor(5);
			expect(emittedIds(scene)).toEqual(['e1', 'e2']);
		});
	});

	it('starts from a date', async () => {
		await play(async (scene) => {
			for (let minute = 0; minute < 5; minute += 1) {
				const event = patientUpdated(`e${minute}`);
				scene.cobalt.world.addEvent({ ...event, created: atMinute(minute) });
			}
			await minutes(10);
			await scene.host.activate(polling({ options: { startFrom: '2025-03-10T11:02:00' } }));
			await scene.host.settled();
			// In the workflow's timezone, New York.
			expect(emittedIds(scene)).toEqual(['e2', 'e3', 'e4']);
			await scene.host.runFor(3);
			expect(emitted(scene)).toHaveLength(3);
		});
	});

	it('starts from now with an empty log, and with one that has events dated in the future', async () => {
		for (const created of [undefined, '2025-03-10T16:00:00.000Z', '2031-01-01T00:00:00+02:00']) {
			await play(async (scene) => {
				if (created) scene.cobalt.world.addEvent({ ...patientUpdated('old'), created });
				await scene.host.activate(polling());
				changePatients(scene, 'e1');
				await scene.host.runFor(2);
				expect(emittedIds(scene)).toEqual(['e1']);
			});
		}
	});

	it('reads the log once or twice on activation, and once in each poll after that', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			expect(logReads(scene)).toBeLessThanOrEqual(2);
			const before = logReads(scene);
			await scene.host.runFor(10);
			expect(logReads(scene) - before).toBe(10);
		});
	});
});

describe('each event once', () => {
	it('emits events with equal timestamps once, across polls', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			await minutes(1);
			const created = new Date().toISOString();
			const add = (id: string) => {
				scene.cobalt.world.addEvent({ ...patientUpdated(id), created });
			};
			ids(3).forEach(add);
			await scene.host.tick();
			ids(3, 4).forEach(add);
			await scene.host.runFor(3);
			expect(emittedIds(scene)).toEqual(ids(6));
		});
	});

	it('emits an event once when it appears late, up to the overlap', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			await minutes(20);
			const late = (id: string, minute: number) => {
				scene.cobalt.world.addEvent(patientUpdated(id), { lateBySeconds: minute * 60 });
			};
			late('late1', 1.5);
			late('late9', 9);
			changePatients(scene, 'e1');
			await scene.host.runFor(5);
			changePatients(scene, 'e2');
			await scene.host.runFor(10);
			expect(emittedIds(scene)).toEqual(['e1', 'late1', 'e2', 'late9']);
		});
	});

	it('emits an event once when Cobalt lists it twice', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			await minutes(1);
			scene.cobalt.world.addEvent(patientUpdated('e1'), { copies: 3 });
			await scene.host.runFor(3);
			expect(emittedIds(scene)).toEqual(['e1']);
		});
	});

	it.each(['Z', '-07:00', '+14:00', '-11:00'])(
		'emits an event once with %s in its time',
		async (offset) => {
			await play(async (scene) => {
				await scene.host.activate(polling());
				await minutes(1);
				changePatients(scene, 'e1');
				const shift = offset === 'Z' ? 0 : Number(offset.slice(0, 3)) * 3_600_000;
				const local = new Date(Date.now() + shift).toISOString().replace('Z', offset);
				scene.cobalt.world.addEvent({ ...patientUpdated('e2'), created: local });
				await scene.host.tick();
				await minutes(1);
				changePatients(scene, 'e3');
				await scene.host.runFor(3);
				expect(emittedIds(scene).sort()).toEqual(ids(3));
			});
		},
	);

	it.each([-2 * HOUR_S, -300, 300, 2 * HOUR_S])(
		'emits each event once when Cobalt’s clock is %i seconds ahead',
		async (clockSkewSeconds) => {
			await play(
				async (scene) => {
					changePatients(scene, 'old');
					await minutes(3);
					await scene.host.activate(polling());
					for (const id of ids(12)) {
						await minutes(15);
						changePatients(scene, id);
						await scene.host.tick();
					}
					expect(emittedIds(scene)).toEqual(ids(12));
				},
				{ cobalt: { clockSkewSeconds } },
			);
		},
	);

	it('emits each event once when one is dated in the future', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			await minutes(1);
			scene.cobalt.world.addEvent({ ...patientUpdated('ahead'), created: '2025-03-11T15:00:00Z' });
			await scene.host.tick();
			changePatients(scene, 'e1');
			await scene.host.runFor(3);
			expect(emittedIds(scene)).toEqual(['ahead', 'e1']);
			await minutes(25 * 60);
			changePatients(scene, 'e2');
			await scene.host.runFor(3);
			expect(emittedIds(scene)).toEqual(['ahead', 'e1', 'e2']);
		});
	});

	it.each(['utc', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Etc/GMT+12'])(
		'emits each event once around midnight, when the log counts its days in %s',
		async (dayZone) => {
			await play(
				async (scene) => {
					await scene.host.activate(polling());
					for (const id of ids(30)) {
						await minutes(60);
						changePatients(scene, id);
						await scene.host.tick();
					}
					expect(emittedIds(scene)).toEqual(ids(30));
				},
				{ cobalt: { dayZone } },
			);
		},
	);

	it.each(['plain', 'prefixed'] as const)(
		'emits each event once in the %s spelling',
		async (spelling) => {
			await play(
				async (scene) => {
					await scene.host.activate(polling());
					await minutes(1);
					changePatients(scene, ...ids(150));
					await scene.host.runFor(2);
					expect(emittedIds(scene)).toEqual(ids(150));
				},
				{ cobalt: { spelling } },
			);
		},
	);
});

describe('failures', () => {
	it('repeats a request that fails, and loses nothing', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			changePatients(scene, ...ids(250));
			for (const fault of [
				{ kind: 'status', status: 503 },
				{ kind: 'drop' },
				{ kind: 'truncated' },
				{ kind: 'status', status: 429, headers: { 'retry-after': '5' } },
			] as const) {
				scene.cobalt.faults.add({ ...fault, path: '/webhook-events' });
			}
			await scene.host.runFor(3);
			expect(emittedIds(scene)).toEqual(ids(250));
			expect(scene.host.failures).toEqual([]);
		});
	});

	it('reports the cause when Cobalt stays unavailable, and loses nothing', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			changePatients(scene, ...ids(250));
			scene.cobalt.faults.add({
				kind: 'status',
				status: 503,
				path: '/webhook-events',
				after: 1,
				times: 12,
			});
			await scene.host.runFor(8);
			expect(scene.host.failures.length).toBeGreaterThan(0);
			for (const { error } of scene.host.failures) {
				expect(error).toMatchObject({
					message: 'Cobalt could not process the request (HTTP 503)',
					failure: { cause: 'temporarily-unavailable' },
				});
			}
			expect(emittedIds(scene)).toEqual(ids(250));
		});
	});

	it('emits an event that is nested too deeply without that part, and its neighbors', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			const x: unknown = JSON.parse('['.repeat(4_000) + ']'.repeat(4_000));
			changePatients(scene, 'e1');
			scene.cobalt.world.addEvent({ ...patientUpdated('e2'), data: { mrn: '44235', x } });
			changePatients(scene, 'e3');
			await scene.host.runFor(2);
			expect(emittedIds(scene)).toEqual(['e1', 'e2', 'e3']);
			expect(emitted(scene)[1]).toMatchObject({ mrn: '44235' });
		});
	});

	it('reports an unreadable log as that, also in a poll after the activation', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			const body = { success: true };
			scene.cobalt.faults.add({
				kind: 'status',
				status: 200,
				body,
				path: '/webhook-events',
				times: 99,
			});
			await scene.host.tick();
			expect(scene.host.failures[0]?.error).toMatchObject({
				message: "Cobalt's response does not contain the requested data",
				description: 'Try again later.',
			});
		});
	});

	it('says who has to sign in when the EHR login has expired', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			scene.cobalt.world.settings.loginExpired = true;
			await scene.host.tick();
			expect(scene.host.failures[0]?.error).toMatchObject({
				message: 'The EHR login for this access token has expired',
				description: expect.stringContaining('Cobalt Link') as string,
				failure: { cause: 'credential-invalid' },
			});
		});
	});

	it.each([
		[{ events: [] }, "'Trigger On' is empty"],
		[{ events: ['other'], otherEventTypes: ' ' }, "'Other Event Types' is empty"],
		[{ options: { overlap: 2000 } }, "'Overlap (Minutes)' is not a number from 0 to 1440"],
		[{ options: { clinics: '' } }, "'Clinics' is empty"],
		[{ options: { startFrom: 'yesterday' } }, "'Start From' is not a date and time"],
	])('refuses %o before any request', async (parameters, message) => {
		await play(async (scene) => {
			await expect(scene.host.activate(polling(parameters))).rejects.toThrow(message);
			expect(scene.cobalt.world.requests()).toEqual([]);
		});
	});

	it('does not activate with wrong keys', async () => {
		await play(async (scene) => {
			scene.host.credential = { ...scene.host.credential, accessToken: 'wrong' };
			await expect(scene.host.activate(polling())).rejects.toThrow('rejected the keys');
		});
	});
});

it('keeps no patient data and no keys in the static data, and little of anything', async () => {
	await play(async (scene) => {
		await scene.host.activate(polling({ options: { eventsPerRun: 10_000 } }));
		await minutes(1);
		changePatients(scene, ...ids(3_000));
		await scene.host.runFor(2);
		expect(emitted(scene)).toHaveLength(3_000);
		const { saved, credential } = scene.host;
		expect(savedOf(scene.host)).toBeDefined();
		expect(saved.length).toBeLessThan(40_000);
		for (const secret of [credential.accessToken, credential.clientSecret, '44235', 'Ada', '555']) {
			expect(saved).not.toContain(secret);
		}
	});
});
