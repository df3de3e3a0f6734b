import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';

import { savedOf } from '../../../tools/n8n-host/host.mts';
import {
	changePatients,
	ids,
	looks,
	minutes,
	patientUpdated,
	play,
	polling,
	runs,
	told,
	toldIds,
	type Scene,
} from '../setup.mts';

const HOUR_S = 3_600;

const atMinute = (minute: number): string =>
	new Date(Date.UTC(2025, 2, 10, 15, minute)).toISOString();

/** Begins every answer, and never ends one. */
async function openDrippingServer(): Promise<{ url: string; open: number }> {
	const server = createServer((_, response) => {
		dripping.open += 1;
		response.on('close', () => (dripping.open -= 1));
		response.writeHead(200, { 'content-type': 'application/json' });
		const drip = (): void => {
			if (response.destroyed) return;
			response.write(' ');
			setTimeout(drip, 10_000).unref();
		};
		drip();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.close();
		server.closeAllConnections();
	});
	const { port } = server.address() as AddressInfo;
	const dripping = { url: `http://127.0.0.1:${port}`, open: 0 };
	return dripping;
}

describe('the first activation', () => {
	it('starts from now, and tells what happens from then on, oldest first', async () => {
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
			expect(toldIds(scene)).toEqual(['e1', 'e2']);
			await scene.host.runFor(5);
			expect(toldIds(scene)).toEqual(['e1', 'e2']);
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
			expect(toldIds(scene)).toEqual(['e2', 'e3', 'e4']);
			await scene.host.runFor(3);
			expect(told(scene)).toHaveLength(3);
		});
	});

	it('starts from now in a log that is empty, or that has events dated in the future', async () => {
		for (const created of [undefined, '2025-03-10T16:00:00.000Z', '2031-01-01T00:00:00+02:00']) {
			await play(async (scene) => {
				if (created) scene.cobalt.world.addEvent({ ...patientUpdated('old'), created });
				await scene.host.activate(polling());
				changePatients(scene, 'e1');
				await scene.host.runFor(2);
				expect(toldIds(scene)).toEqual(['e1']);
			});
		}
	});

	it('looks once or twice, and once in each poll after that', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			expect(looks(scene)).toBeLessThanOrEqual(2);
			const before = looks(scene);
			await scene.host.runFor(10);
			expect(looks(scene) - before).toBe(10);
		});
	});
});

describe('each event is told once', () => {
	it('with equal timestamps, across polls', async () => {
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
			expect(toldIds(scene)).toEqual(ids(6));
		});
	});

	it('when it appears late, up to the overlap', async () => {
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
			expect(toldIds(scene)).toEqual(['e1', 'late1', 'e2', 'late9']);
		});
	});

	it('when Cobalt lists it twice', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			await minutes(1);
			scene.cobalt.world.addEvent(patientUpdated('e1'), { copies: 3 });
			await scene.host.runFor(3);
			expect(toldIds(scene)).toEqual(['e1']);
		});
	});

	it.each(['Z', '-07:00', '+14:00', '-11:00'])('with %s in its time', async (offset) => {
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
			expect(toldIds(scene).sort()).toEqual(ids(3));
		});
	});

	it.each([-2 * HOUR_S, -300, 300, 2 * HOUR_S])(
		'when Cobalt’s clock is %i seconds ahead',
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
					expect(toldIds(scene)).toEqual(ids(12));
				},
				{ cobalt: { clockSkewSeconds } },
			);
		},
	);

	it('though one is dated in the future', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			await minutes(1);
			scene.cobalt.world.addEvent({ ...patientUpdated('ahead'), created: '2025-03-11T15:00:00Z' });
			await scene.host.tick();
			changePatients(scene, 'e1');
			await scene.host.runFor(3);
			expect(toldIds(scene)).toEqual(['ahead', 'e1']);
			await minutes(25 * 60);
			changePatients(scene, 'e2');
			await scene.host.runFor(3);
			expect(toldIds(scene)).toEqual(['ahead', 'e1', 'e2']);
		});
	});

	it.each(['utc', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Etc/GMT+12'])(
		'around midnight, when the log counts its days in %s',
		async (dayZone) => {
			await play(
				async (scene) => {
					await scene.host.activate(polling());
					for (const id of ids(30)) {
						await minutes(60);
						changePatients(scene, id);
						await scene.host.tick();
					}
					expect(toldIds(scene)).toEqual(ids(30));
				},
				{ cobalt: { dayZone } },
			);
		},
	);

	it.each(['plain', 'prefixed'] as const)('in the %s spelling', async (spelling) => {
		await play(
			async (scene) => {
				await scene.host.activate(polling());
				await minutes(1);
				changePatients(scene, ...ids(150));
				await scene.host.runFor(2);
				expect(toldIds(scene)).toEqual(ids(150));
			},
			{ cobalt: { spelling } },
		);
	});
});

describe('pages that shift while they are read', () => {
	/** Does something whenever the log has answered. */
	async function withShifts(onLook: (scene: Scene, look: number) => void): Promise<string[]> {
		let count = 0;
		let current: Scene | undefined;
		const onRequest = ({ path }: { path: string }) => {
			if (current && path === '/webhook-events') onLook(current, (count += 1));
		};
		return await play(
			async (scene) => {
				await scene.host.activate(polling());
				await minutes(1);
				changePatients(scene, ...ids(450));
				current = scene;
				await scene.host.tick();
				current = undefined;
				await scene.host.runFor(3);
				return toldIds(scene);
			},
			{ cobalt: { onRequest } },
		);
	}

	it('to the right, by events that appear late', async () => {
		const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
		const found = await withShifts(({ cobalt }, look) => {
			cobalt.world.addEvent({ ...patientUpdated(`late${look}`), created: ago(40_000) });
		});
		expect(new Set(found).size).toBe(found.length);
		expect(found.filter((id) => id.startsWith('e'))).toEqual(ids(450));
		expect(found.filter((id) => id.startsWith('late')).length).toBeGreaterThan(4);
	});

	it('to the left, when Cobalt forgets events', async () => {
		const found = await withShifts((scene, look) => {
			if (look === 2) {
				// What was read is forgotten, and the rest moves up by more than a page.
				const [first] = scene.cobalt.world.events().slice(149);
				scene.cobalt.world.forgetEvents(first?.createdAt ?? 0);
			}
		});
		expect(found).toEqual(ids(450));
	});
});

describe('pages that shift to the left unnoticed, for as many events come as go', () => {
	it('leave out what the next look finds', async () => {
		let forget: (() => void) | undefined;
		const onRequest = ({ query }: { query: Record<string, string> }) => {
			if (query.page !== '1') return;
			forget?.();
			forget = undefined;
		};
		await play(
			async (scene) => {
				await scene.host.activate(polling());
				await minutes(1);
				const start = Date.now();
				for (const [index, id] of ids(300).entries()) {
					const created = new Date(start + index).toISOString();
					scene.cobalt.world.addEvent({ ...patientUpdated(id), created });
				}
				await minutes(0.1);
				forget = () => {
					scene.cobalt.world.forgetEvents(start + 10);
					changePatients(scene, ...ids(10, 301));
				};
				await scene.host.tick();
				expect(toldIds(scene)).not.toContain('e101');
				await scene.host.tick();
				expect(toldIds(scene).sort()).toEqual(ids(310).sort());
			},
			{ cobalt: { onRequest } },
		);
	});
});

describe('a backlog', () => {
	it('is told in bounded steps, exactly', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling({ options: { eventsPerRun: 250 } }));
			await minutes(1);
			changePatients(scene, ...ids(1_100));
			await scene.host.runFor(6);
			expect(runs(scene).map(({ length }) => length)).toEqual([250, 250, 250, 250, 100]);
			expect(toldIds(scene)).toEqual(ids(1_100));
		});
	});

	it('goes on exactly after a crash between its steps', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling({ options: { eventsPerRun: 100 } }));
			await minutes(1);
			changePatients(scene, ...ids(550));
			await scene.host.runFor(2);
			await scene.host.crash();
			await scene.host.runFor(5);
			expect(toldIds(scene)).toEqual(ids(550));
		});
	});

	it('never stands still, though what was told takes longer to read than there is time', async () => {
		await play(
			async (scene) => {
				const { cobalt, host } = scene;
				await host.activate(polling({ options: { overlap: 60, eventsPerRun: 10_000 } }));
				await minutes(1);
				const start = Date.now() - 4_000;
				for (const [index, id] of ids(4_000).entries()) {
					const created = new Date(start + index).toISOString();
					cobalt.world.addEvent({ ...patientUpdated(id), created });
				}
				await host.runFor(10);
				changePatients(scene, 'last');
				await host.runFor(15);
				expect(toldIds(scene)).toEqual([...ids(4_000), 'last']);
			},
			{ cobalt: { latencyMs: 2_000 }, host: { scheduler: 'durable' } },
		);
	});

	it('ends a step when n8n’s time for it is over, and loses nothing', async () => {
		await play(
			async (scene) => {
				await scene.host.activate(polling({ options: { eventsPerRun: 10_000 } }));
				await minutes(1);
				changePatients(scene, ...ids(1_000));
				await scene.host.runFor(12);
				await scene.host.settled();
				expect(runs(scene).length).toBeGreaterThan(1);
				expect(toldIds(scene)).toEqual(ids(1_000));
				expect(scene.host.failures).toEqual([]);
			},
			{ cobalt: { latencyMs: 10_000 }, host: { scheduler: 'durable' } },
		);
	});
});

describe('n8n’s life', () => {
	it.each(['legacy', 'durable'] as const)(
		'a restart and a crash tell nothing twice and lose nothing (%s scheduler)',
		async (scheduler) => {
			await play(
				async (scene) => {
					const { host } = scene;
					await host.activate(polling());
					const happen = (id: string) => {
						changePatients(scene, id);
					};
					await minutes(1);
					happen('e1');
					await host.runFor(1);
					happen('e2');
					await host.restart(async () => {
						await minutes(30);
						happen('e3');
					});
					await host.runFor(1);
					happen('e4');
					await host.runFor(1);
					await host.crash(async () => {
						happen('e5');
						await minutes(90);
						happen('e6');
					});
					await host.runFor(2);
					expect(toldIds(scene)).toEqual(ids(6));
				},
				{ host: { scheduler } },
			);
		},
	);

	it('a crash before anything was told leaves the beginning where it was', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			await scene.host.runFor(3);
			await scene.host.crash(async () => {
				changePatients(scene, 'e1');
				await minutes(600);
			});
			await scene.host.runFor(1);
			expect(toldIds(scene)).toEqual(['e1']);
		});
	});

	it('overlapping polls do not read side by side', async () => {
		await play(
			async (scene) => {
				await scene.host.activate(polling());
				await minutes(1);
				changePatients(scene, ...ids(500));
				const before = looks(scene);
				await Promise.all([scene.host.tick(), scene.host.tick(), scene.host.tick()]);
				expect(toldIds(scene)).toEqual(ids(500));
				expect(looks(scene) - before).toBeLessThan(10);
			},
			{ cobalt: { latencyMs: 5_000 } },
		);
	});

	it('a renamed node goes on where it was', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			await minutes(1);
			changePatients(scene, 'e1');
			await scene.host.runFor(1);
			changePatients(scene, 'e2');
			const renamed = polling();
			const text = JSON.stringify(renamed).replaceAll('"Trigger"', '"Renamed"');
			const file = JSON.parse(text) as typeof renamed;
			for (const node of file.nodes) if (node.name === 'Renamed') node.id = 'Trigger';
			await scene.host.update(file);
			changePatients(scene, 'e3');
			await scene.host.runFor(2);
			expect(toldIds(scene)).toEqual(ids(3));
		});
	});

	it('a place in the log that a worker wiped is found again', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			await minutes(30);
			changePatients(scene, 'e1');
			await scene.host.runFor(1);
			scene.host.workerWritesStaticData();
			await minutes(5);
			changePatients(scene, 'e2');
			await scene.host.crash(async () => {
				await minutes(20);
				changePatients(scene, 'e3');
			});
			await scene.host.runFor(2);
			expect(toldIds(scene)).toEqual(ids(3));
		});
	});

	it.each([
		['goes on where the last look ended', false],
		['begins anew where n8n was restarted since', true],
	])('another filter %s, without what happened long before', async (_, isRestarted) => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			await host.activate(polling());
			changePatients(scene, 'e1');
			await host.runFor(1);
			cobalt.world.addEvent({ id: 'long ago', type: 'task.created' });
			await host.runFor(30);
			cobalt.world.addEvent({ id: 'of no interest', type: 'note.created' });
			await host.runFor(30);
			if (isRestarted) {
				await host.deactivate();
				await host.crash();
			}
			changePatients(scene, 'e2');
			cobalt.world.addEvent({ id: 'just now', type: 'task.created' });
			await minutes(0.5);
			const file = polling({ events: ['patient.updated', 'task.created'] });
			await (isRestarted ? host.activate(file) : host.update(file));
			await host.runFor(3);
			expect(toldIds(scene)).toEqual(['e1', 'e2', 'just now']);
		});
	});

	it('another filter loses nothing of what came since the last look, however long ago that was', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			await scene.host.runFor(1);
			await minutes(50);
			changePatients(scene, 'e1');
			await minutes(50);
			await scene.host.update(polling({ source: 'ehr_staff' }));
			await scene.host.runFor(1);
			expect(toldIds(scene)).toEqual(['e1']);
		});
	});

	it('what was left of a backlog is told though Start From is taken away', async () => {
		await play(async (scene) => {
			changePatients(scene, ...ids(5));
			await minutes(60);
			const options = { startFrom: '2025-03-10T10:00:00', eventsPerRun: 2 };
			await scene.host.activate(polling({ options }));
			await scene.host.update(polling({ options: { eventsPerRun: 2 } }));
			await scene.host.runFor(4);
			expect(toldIds(scene)).toEqual(ids(5));
		});
	});

	it('a poll is over though Cobalt answers a bit at a time without end', async () => {
		const dripping = await openDrippingServer();
		await play(
			async (scene) => {
				const { host } = scene;
				await host.activate(polling());
				const { credential } = host;
				host.credential = { ...credential, baseUrl: dripping.url };
				await host.tick();
				host.credential = credential;
				changePatients(scene, 'e1');
				await host.tick();
				expect(host.failures.map(({ error }) => error.message)).toEqual([
					'Cobalt answers too slowly',
				]);
				expect(toldIds(scene)).toEqual(['e1']);
			},
			{ asleep: () => dripping.open },
		);
	});

	it('a longer overlap tells nothing again', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling({ options: { overlap: 1 } }));
			for (const id of ids(20)) {
				changePatients(scene, id);
				await scene.host.runFor(1);
			}
			await scene.host.update(polling({ options: { overlap: 600 } }));
			await scene.host.runFor(3);
			expect(toldIds(scene)).toEqual(ids(20));
		});
	});

	it('another account begins from now', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			changePatients(scene, 'e1');
			await scene.host.runFor(1);
			await play(async (other) => {
				changePatients(other, 'of another account');
				await minutes(1);
				scene.host.credential = { ...scene.host.credential, baseUrl: other.cobalt.url };
				await scene.host.runFor(2);
				changePatients(other, 'e2');
				await scene.host.runFor(2);
				expect(toldIds(scene)).toEqual(['e1', 'e2']);
			}).catch((error: unknown) => {
				throw error;
			});
		});
	});
});

describe('what goes wrong', () => {
	it('a request that does not succeed is sent again, and nothing is lost', async () => {
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
			expect(toldIds(scene)).toEqual(ids(250));
			expect(scene.host.failures).toEqual([]);
		});
	});

	it('a Cobalt that stays out of order is told with its cause, and nothing is lost', async () => {
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
					message: 'Cobalt could not handle the request (HTTP 503)',
					failure: { cause: 'temporarily-unavailable' },
				});
			}
			expect(toldIds(scene)).toEqual(ids(250));
		});
	});

	it('an event that is nested too deeply is told with the rest of it, and so are its neighbours', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			const x: unknown = JSON.parse('['.repeat(4_000) + ']'.repeat(4_000));
			changePatients(scene, 'e1');
			scene.cobalt.world.addEvent({ ...patientUpdated('e2'), data: { mrn: '44235', x } });
			changePatients(scene, 'e3');
			await scene.host.runFor(2);
			expect(toldIds(scene)).toEqual(['e1', 'e2', 'e3']);
			expect(told(scene)[1]).toMatchObject({ mrn: '44235' });
		});
	});

	it('what cannot be read is told as that, also in a poll after the activation', async () => {
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
				message: 'Cobalt answered without what was asked for',
				description: 'Try again later.',
			});
		});
	});

	it('an expired login tells whom to ask', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			scene.cobalt.world.settings.loginExpired = true;
			await scene.host.tick();
			expect(scene.host.failures[0]?.error).toMatchObject({
				message: 'The EHR login behind this access token has expired',
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
	])('%o is told before any request', async (parameters, message) => {
		await play(async (scene) => {
			await expect(scene.host.activate(polling(parameters))).rejects.toThrow(message);
			expect(scene.cobalt.world.requests()).toEqual([]);
		});
	});

	it('wrong keys do not activate', async () => {
		await play(async (scene) => {
			scene.host.credential = { ...scene.host.credential, accessToken: 'wrong' };
			await expect(scene.host.activate(polling())).rejects.toThrow('does not accept these keys');
		});
	});
});

it('keeps no patient data and no key in the static data, and little of anything', async () => {
	await play(async (scene) => {
		await scene.host.activate(polling({ options: { eventsPerRun: 10_000 } }));
		await minutes(1);
		changePatients(scene, ...ids(3_000));
		await scene.host.runFor(2);
		expect(told(scene)).toHaveLength(3_000);
		const { saved, credential } = scene.host;
		expect(savedOf(scene.host)).toBeDefined();
		expect(saved.length).toBeLessThan(40_000);
		for (const secret of [credential.accessToken, credential.clientSecret, '44235', 'Ada', '555']) {
			expect(saved).not.toContain(secret);
		}
	});
});
