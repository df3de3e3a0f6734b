import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { submissions } from '../Cobalt/setup.mts';
import { minutes } from '../CobaltTrigger/setup.mts';
import { playExample, runExample, stageForTest, takesEveryBranch, type Stage } from './setup.mts';

const IMPORT = 'cobalt_import';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('import-from-a-spreadsheet', () => {
	const name = 'import-from-a-spreadsheet';

	const row = (number: number, provider = '118') =>
		[`r${number}`, '44235', `2025-04-0${number}T10:00:00-04:00`, provider, '2', 'follow_up'].join(
			',',
		);

	function spreadsheet(...rows: string[]) {
		const text = ['reference,mrn,datetime,provider,location,visit_type', ...rows].join('\n');
		const data = Buffer.from(text).toString('base64');
		const file = { data, mimeType: 'text/csv', fileName: 'bookings.csv' };
		return [{ json: { formMode: 'production' }, binary: { Spreadsheet: file } }];
	}

	async function stageWithTable(): Promise<Stage> {
		const stage = await stageForTest();
		stage.outside.tables.set(IMPORT, []);
		return stage;
	}

	const rowsOf = ({ outside }: Stage) =>
		outside.table(IMPORT).map(({ reference, job_status }) => [reference, job_status]);

	it('submits each reference once, however often it comes and the file is uploaded', async () => {
		const stage = await stageWithTable();
		const items = spreadsheet(row(1), row(2), row(1));
		await runExample(stage, name, { items });
		await runExample(stage, name, { items });
		expect(submissions(stage.cobalt)).toBe(2);
		expect(rowsOf(stage)).toEqual([
			['r1', 'submitted'],
			['r2', 'submitted'],
		]);
		const jobs = stage.cobalt.world.jobs().map(({ id }) => id);
		expect(stage.outside.table(IMPORT).map(({ job_id }) => job_id)).toEqual(jobs);
	});

	it('does not submit again what n8n was submitting when it crashed', async () => {
		const stage = await stageWithTable();
		stage.outside.table(IMPORT).push({ reference: 'r1', job_id: '', job_status: 'submitting' });
		await runExample(stage, name, { items: spreadsheet(row(1)) });
		expect(submissions(stage.cobalt)).toBe(0);
	});

	it('notes what Cobalt does not take, and tells the front desk once', async () => {
		const stage = await stageWithTable();
		const items = spreadsheet(row(1, 'nobody'), row(2, ''), row(3));
		await runExample(stage, name, { items });
		expect(rowsOf(stage)).toEqual([
			['r1', 'not_submitted'],
			['r2', 'not_submitted'],
			['r3', 'submitted'],
		]);
		expect(stage.outside.mails).toHaveLength(1);
	});

	takesEveryBranch(name);
});

describe('import-follow-up', () => {
	const name = 'import-follow-up';

	const finish = (jobId: string, type: string) => ({ id: `e${jobId}`, type, jobId, data: {} });

	it('notes what became of the jobs of the import, also of one that was done before its ID was noted', async () => {
		await playExample(name, async ({ cobalt, host, outside }) => {
			const rows: IDataObject[] = [
				{ reference: 'r1', job_id: '1', job_status: 'submitted' },
				{ reference: 'r2', job_id: '2', job_status: 'submitted' },
			];
			outside.tables.set(IMPORT, rows);
			cobalt.world.addEvent(finish('1', 'appointment.created'));
			cobalt.world.addEvent(finish('2', 'appointment.failed'));
			cobalt.world.addEvent(finish('3', 'appointment.created'));
			cobalt.world.addEvent(finish('4', 'appointment.created'));
			const run = host.tick();
			await minutes(5);
			rows.push({ reference: 'r3', job_id: '3', job_status: 'submitted' });
			await run;
			expect(rows.map(({ reference, job_status }) => [reference, job_status])).toEqual([
				['r1', 'completed'],
				['r2', 'failed'],
				['r3', 'completed'],
			]);
			expect(outside.mails).toHaveLength(1);
		});
	});

	takesEveryBranch(name);
});

describe('daily-reconciliation', () => {
	const name = 'daily-reconciliation';

	const EVENTS = 'cobalt_events';

	const NOW = '2025-03-10T15:00:00.000Z';

	const TOMORROW = new Date(Date.parse(NOW) + DAY_MS).toISOString();

	it('writes down each event once', async () => {
		await playExample(name, async ({ cobalt, host, outside }) => {
			outside.tables.set(EVENTS, []);
			cobalt.world.inEhr.updatePatient('44235', { phone: '5550100' });
			await host.tick();
			await host.tick();
			expect(outside.table(EVENTS)).toMatchObject([
				{ event_id: cobalt.world.events()[0]?.id, event_type: 'patient.updated' },
			]);
		});
	});

	it('tells operations which events of yesterday no workflow has seen, and is silent if there are none', async () => {
		const stage = await stageForTest();
		const created = NOW;
		const event = (id: string, type: string) => ({ id, type, created, data: {} });
		stage.cobalt.world.addEvent(event('seen', 'patient.updated'));
		stage.outside.tables.set(EVENTS, [{ event_id: 'seen' }]);
		const morning = { from: 'Every Morning', items: [{ json: {} }], now: TOMORROW };
		await runExample(stage, name, morning);
		expect(stage.outside.mails).toEqual([]);
		stage.cobalt.world.addEvent(event('missed 1', 'appointment.created'));
		stage.cobalt.world.addEvent(event('missed 2', 'appointment.created'));
		await runExample(stage, name, morning);
		expect(stage.outside.mails).toMatchObject([
			{
				subject: '2 events started no workflow yesterday',
				text: expect.stringContaining('2 x appointment.created') as string,
			},
		]);
	});

	it('says that nothing was compared if the log cannot be read', async () => {
		const stage = await stageForTest();
		stage.outside.tables.set(EVENTS, []);
		const refusal = { kind: 'status', status: 400, body: { success: false } } as const;
		stage.cobalt.faults.add({ ...refusal, path: '/webhook-events', times: 9 });
		await runExample(stage, name, { from: 'Every Morning', items: [{ json: {} }] });
		expect(stage.outside.mails).toMatchObject([{ subject: 'The event log was not compared' }]);
	});

	takesEveryBranch(name);
});
