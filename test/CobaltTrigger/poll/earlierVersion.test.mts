/** The trigger reads on from what an earlier version of this package saved in n8n's static data. */
import type { IDataObject } from 'n8n-workflow';
import { expect, it } from 'vitest';

import { savedOf } from '../../../tools/n8n-host/host.mts';
import { minutes, patientUpdated, play, polling, emittedIds, type Scene } from '../setup.mts';

/** Seconds since 1970 at 3 p.m., when a scene begins. */
const THREE_PM = Date.parse('2025-03-10T15:00:00Z') / 1000;

/**
 * What is in the log: the earlier version has emitted `e1` and `e2`, and not yet `e3`. `late` happened before them, and
 * appeared in the log only now.
 */
const LOG = [
	{ id: 'late', second: THREE_PM - 7 * 60 },
	{ id: 'e1', second: THREE_PM + 60 },
	{ id: 'e2', second: THREE_PM + 120 },
	{ id: 'e3', second: THREE_PM + 180 },
];

/**
 * Cursors as they were saved, by a trigger that was activated at 14:52 and whose Overlap is 10 minutes. The keys are
 * hashes of the ids: `i1zE337sfT` is e1, `rA8JwPi_Xn` is e2, `zvf8E6OBgJ` is e3.
 */
const SAVED: Array<[string, { cursor: string; lookedAt?: number; emitted: string[] }]> = [
	[
		'0.1.0, at the end of the log',
		{
			cursor:
				'{"readTo":1741618920000,"checkedTo":1741618740000,"from":1741618320000,"seen":{"1741618860":"i1zE337sfT","1741618920":"rA8JwPi_Xn"}}',
			emitted: ['late', 'e3'],
		},
	],
	[
		'0.1.0, before the end of the log',
		{
			cursor:
				'{"readTo":1741618920000,"checkedTo":1741618680000,"stopped":{"at":1741618920000,"readTo":1741618740000},"from":1741618320000,"seen":{"1741618860":"i1zE337sfT","1741618920":"rA8JwPi_Xn"}}',
			emitted: ['e3', 'late'],
		},
	],
	[
		'a later version, at the end of the log',
		{
			cursor:
				'{"readTo":1741618920000,"checkedTo":1741618740000,"from":1741618320000,"seen":{"1741618920":"rA8JwPi_Xn","1741618860":"i1zE337sfT"}}',
			lookedAt: 1741618925000,
			emitted: ['late', 'e3'],
		},
	],
	[
		'a later version, with a batch that never became a run',
		{
			cursor:
				'{"readTo":1741618980000,"checkedTo":1741618740000,"from":1741618320000,"seen":{"1741618920":"rA8JwPi_Xn","1741618860":"i1zE337sfT"},"inFlight":{"place":{"from":1741618320000,"readTo":1741618920000,"checkedTo":1741618680000,"stopped":{"at":1741618920000,"readTo":1741618740000}},"seen":{"1741618980":"zvf8E6OBgJ"},"at":1741618985000,"by":"0badcafe"}}',
			lookedAt: 1741618985000,
			emitted: ['e3', 'late'],
		},
	],
];

/** While n8n is down, the saved state becomes that of the earlier version. */
function downgrade({ host }: Scene, cursor: string, lookedAt?: number): void {
	const log = savedOf(host)?.log as IDataObject;
	host.replaceSaved({ log: { ...log, lookedAt, cursor: JSON.parse(cursor) as IDataObject } });
}

it.each(SAVED)(
	'loses no event and repeats none after an update from %s',
	async (_, { cursor, emitted, lookedAt }) => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			await host.activate(polling());
			await host.runFor(1);
			await host.crash(async () => {
				downgrade(scene, cursor, lookedAt);
				await minutes(5);
				for (const { id, second } of LOG) {
					cobalt.world.addEvent(patientUpdated(id), { at: second * 1000 });
				}
			});
			await host.runFor(3);
			expect(emittedIds(scene)).toEqual(emitted);
		});
	},
);
