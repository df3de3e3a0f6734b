import { describe, expect, it } from 'vitest';

import { itemsOf, runExample, stageForTest, takesEveryBranch, type Stage } from './setup.mts';

describe('follow-up-on-pending-jobs', () => {
	const name = 'follow-up-on-pending-jobs';

	const submitted = ({ cobalt }: Stage) =>
		cobalt.world.requests({ method: 'POST', path: '/tasks' }).length;

	const tasksOf = ({ cobalt }: Stage, mrn: string) =>
		cobalt.world
			.tasks()
			.filter(({ patient_mrn, subject }) => patient_mrn === mrn && subject === 'Follow-up');

	it('creates each task once, and finds the one that takes hours when it is there', async () => {
		const stage = await stageForTest();
		const slow = (body: Record<string, unknown>) => body.patient_mrn === '804';
		stage.cobalt.ehrWorker.plan({ match: slow, seconds: 5 * 3600 });
		const ended = await runExample(stage, name);
		const rounds = ended.run.data.resultData.runData['Get Result'] ?? [];
		expect(rounds).toHaveLength(5);
		expect(ended.json('Created')).toMatchObject([{ job_status: 'completed' }]);
		expect(submitted(stage)).toBe(2);
		expect(tasksOf(stage, '44235')).toHaveLength(1);
		expect(tasksOf(stage, '804')).toHaveLength(1);
		expect(stage.outside.mails).toEqual([]);
	});

	it('gives up after a day, tells the staff once, and submits nothing again', async () => {
		const stage = await stageForTest();
		stage.cobalt.ehrWorker.plan({ seconds: 100 * 3600, times: 2 });
		const ended = await runExample(stage, name);
		expect(ended.run.data.resultData.runData['Get Result']).toHaveLength(24);
		expect(submitted(stage)).toBe(2);
		expect(stage.outside.mails).toHaveLength(1);
	});

	it('tells the staff what the EHR refuses, and what Cobalt does not take', async () => {
		const stage = await stageForTest();
		stage.cobalt.ehrWorker.plan({ seconds: 2 * 3600, outcome: 'failure' });
		const [mrn, unreadable] = ['44235', ''];
		const items = [mrn, unreadable].map((of) => ({ mrn: of, task: 'Call back', assignee: '501' }));
		await runExample(stage, name, { items: itemsOf(...items) });
		expect(submitted(stage)).toBe(1);
		expect(stage.outside.mails).toHaveLength(2);
	});

	takesEveryBranch(name);
});
