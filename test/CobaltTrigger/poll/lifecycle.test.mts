import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';

import { changePatients, ids, logReads, minutes, play, polling, emittedIds } from '../setup.mts';

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

describe('the life of n8n', () => {
	it.each(['legacy', 'durable'] as const)(
		'loses and repeats nothing after a restart and a crash (%s scheduler)',
		async (scheduler) => {
			await play(
				async (scene) => {
					const { host } = scene;
					await host.activate(polling());
					const deliverChanges = (id: string) => {
						changePatients(scene, id);
					};
					await minutes(1);
					deliverChanges('e1');
					await host.runFor(1);
					deliverChanges('e2');
					await host.restart(async () => {
						await minutes(30);
						deliverChanges('e3');
					});
					await host.runFor(1);
					deliverChanges('e4');
					await host.runFor(1);
					await host.crash(async () => {
						deliverChanges('e5');
						await minutes(90);
						deliverChanges('e6');
					});
					await host.runFor(2);
					expect(emittedIds(scene)).toEqual(ids(6));
				},
				{ host: { scheduler } },
			);
		},
	);

	it('keeps its start when n8n crashes before anything was emitted', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			await scene.host.runFor(3);
			await scene.host.crash(async () => {
				changePatients(scene, 'e1');
				await minutes(600);
			});
			await scene.host.runFor(1);
			expect(emittedIds(scene)).toEqual(['e1']);
		});
	});

	it('reads the log only once at a time when polls overlap', async () => {
		await play(
			async (scene) => {
				await scene.host.activate(polling());
				await minutes(1);
				changePatients(scene, ...ids(500));
				const before = logReads(scene);
				await Promise.all([scene.host.tick(), scene.host.tick(), scene.host.tick()]);
				expect(emittedIds(scene)).toEqual(ids(500));
				expect(logReads(scene) - before).toBeLessThan(10);
			},
			{ cobalt: { latencyMs: 5_000 } },
		);
	});

	it('continues from its position after the node is renamed', async () => {
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
			expect(emittedIds(scene)).toEqual(ids(3));
		});
	});

	it('restores a log position that a worker overwrote', async () => {
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
			expect(emittedIds(scene)).toEqual(ids(3));
		});
	});

	it.each([
		['continues where the last poll ended', false],
		['starts anew after a restart of n8n', true],
	])('emits nothing from long before the filter changed: %s', async (_, isRestarted) => {
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
			expect(emittedIds(scene)).toEqual(['e1', 'e2', 'just now']);
		});
	});

	it('loses nothing since the last poll when the filter changes, however long ago that was', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			await scene.host.runFor(1);
			await minutes(50);
			changePatients(scene, 'e1');
			await minutes(50);
			await scene.host.update(polling({ source: 'ehr_staff' }));
			await scene.host.runFor(1);
			expect(emittedIds(scene)).toEqual(['e1']);
		});
	});

	it('emits the rest of a backlog after Start From is removed', async () => {
		await play(async (scene) => {
			changePatients(scene, ...ids(5));
			await minutes(60);
			const options = { startFrom: '2025-03-10T10:00:00', eventsPerRun: 2 };
			await scene.host.activate(polling({ options }));
			await scene.host.update(polling({ options: { eventsPerRun: 2 } }));
			await scene.host.runFor(4);
			expect(emittedIds(scene)).toEqual(ids(5));
		});
	});

	it('ends a poll when responses of Cobalt trickle in endlessly', async () => {
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
					'Cobalt is responding too slowly',
				]);
				expect(emittedIds(scene)).toEqual(['e1']);
			},
			{ heldBack: () => dripping.open },
		);
	});

	it('repeats nothing after the overlap is extended', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling({ options: { overlap: 1 } }));
			for (const id of ids(20)) {
				changePatients(scene, id);
				await scene.host.runFor(1);
			}
			await scene.host.update(polling({ options: { overlap: 600 } }));
			await scene.host.runFor(3);
			expect(emittedIds(scene)).toEqual(ids(20));
		});
	});

	it('starts from now with another account', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling());
			changePatients(scene, 'e1');
			await scene.host.runFor(1);
			await play(async (other) => {
				changePatients(other, 'of another account');
				await minutes(1);
				scene.host.credential = other.host.credential;
				await scene.host.runFor(2);
				changePatients(other, 'e2');
				await scene.host.runFor(2);
				expect(emittedIds(scene)).toEqual(['e1', 'e2']);
			}).catch((error: unknown) => {
				throw error;
			});
		});
	});
});
