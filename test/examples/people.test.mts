import { describe, expect, it } from 'vitest';

import { submissions } from '../Cobalt/setup.mts';
import { itemsOf, runExample, stageForTest, takesEveryBranch, type Stage } from './setup.mts';

const refusal = { kind: 'status', status: 400, body: { success: false } } as const;

describe('receive-documents-and-referrals', () => {
	const name = 'receive-documents-and-referrals';

	const BYTES = Buffer.from('%PDF-1.4 for a test');

	function sent(Kind: string) {
		const File = {
			data: BYTES.toString('base64'),
			mimeType: 'application/pdf',
			fileName: 'letter.pdf',
		};
		return [{ json: { MRN: '44235', Kind, Reason: 'Evaluation' }, binary: { File } }];
	}

	const tasks = ({ cobalt }: Stage) =>
		cobalt.world.tasks().filter(({ subject }) => subject === 'Incoming document').length;

	it('puts a document into the chart as it is, once, and gives the staff a task', async () => {
		const stage = await stageForTest();
		await runExample(stage, name, { items: sent('Other document') });
		expect(stage.cobalt.world.documents({ folder_name: 'Incoming' })).toMatchObject([
			{ patient_mrn: '44235', state: 'done', filename: 'letter.pdf' },
		]);
		const [uploaded] = stage.cobalt.world.documents({ folder_name: 'Incoming' });
		expect(Buffer.from(uploaded?.bytes ?? [])).toEqual(BYTES);
		expect(tasks(stage)).toBe(1);
		expect(stage.outside.endings).toMatchObject([{ title: 'Thank you' }]);
	});

	it('makes an incoming referral of a referral', async () => {
		const stage = await stageForTest();
		const before = stage.cobalt.world.referrals().length;
		await runExample(stage, name, { items: sent('Referral') });
		expect(stage.cobalt.world.referrals()).toHaveLength(before + 1);
		expect(stage.cobalt.world.documents({ folder_name: 'Incoming' })).toEqual([]);
		expect(tasks(stage)).toBe(1);
	});

	it.each([
		['Referral', 'referral.create'],
		['Other document', 'document.upload'],
		['Other document', 'task.create'],
	])('tells the front desk if, of a %s, the EHR refuses %s', async (kind, refused) => {
		const stage = await stageForTest();
		stage.cobalt.ehrWorker.plan({ kind: refused, outcome: 'failure' });
		await runExample(stage, name, { items: sent(kind) });
		expect(tasks(stage)).toBeLessThanOrEqual(refused === 'task.create' ? 1 : 0);
		expect(stage.outside.mails).toHaveLength(1);
		expect(stage.outside.endings).toMatchObject([{ title: 'Please call us' }]);
	});

	takesEveryBranch(name);
});

describe('send-referral-documents', () => {
	const name = 'send-referral-documents';

	/** The day after the newest referral that the fake has. */
	async function morning(prepare: (stage: Stage) => void = () => undefined, times = 1) {
		const stage = await stageForTest();
		const { world } = stage.cobalt;
		const outgoing = world
			.referrals()
			.filter(({ direction, document_ids }) => direction === 'outgoing' && document_ids.length > 0);
		const [referral] = outgoing;
		if (!referral) throw new Error('The fake has no outgoing referral with a document');
		const now = new Date(
			Date.parse(`${referral.referral_date}T15:00:00Z`) + 24 * 60 * 60 * 1000,
		).toISOString();
		prepare(stage);
		for (let time = 0; time < times; time += 1) {
			await runExample(stage, name, { items: itemsOf({}), now });
		}
		const documents = outgoing
			.filter(({ referral_date }) => referral_date === referral.referral_date)
			.flatMap((one) => one.document_ids);
		return { ...stage, documents };
	}

	it('sends each document of the referrals of yesterday once, byte by byte', async () => {
		const { cobalt, outside, documents } = await morning(undefined, 2);
		const bytes = documents.map(
			(wanted) => cobalt.world.documents().find(({ id }) => id === wanted)?.bytes,
		);
		expect(outside.requests.map(({ body }) => body)).toEqual(
			bytes.map((content) => Buffer.from(content ?? [])),
		);
		expect(outside.mails).toEqual([]);
	});

	it.each([
		[
			'the referrals cannot be read',
			({ cobalt }: Stage) => {
				cobalt.faults.add({ ...refusal, path: '/referrals' });
			},
		],
		[
			'a document cannot be read',
			({ cobalt }: Stage) => {
				cobalt.faults.add({ ...refusal, path: '/documents', times: 9 });
			},
		],
		[
			'the fax service does not answer',
			({ outside }: Stage) => {
				outside.isDown = true;
			},
		],
	])('tells the front desk if %s', async (_what, prepare) => {
		const { outside } = await morning(prepare);
		expect(outside.mails).toMatchObject([{ subject: 'A referral was not sent' }]);
	});

	takesEveryBranch(name);
});

/** What an agent and its tools do is not run: n8n's own nodes for that need a whole n8n. */
describe('agent-receptionist', () => {
	const name = 'agent-receptionist';

	const WISH = {
		mrn: '44235',
		datetime: '2025-03-20T14:00:00-04:00',
		provider: '118',
		location: '2',
		visit_type: 'follow_up',
	};

	async function request(stage: Stage) {
		await runExample(stage, name, { from: 'An Agent Asks', items: itemsOf(WISH) });
	}

	it('books what a person approves, and asks once, however often the agent does', async () => {
		const stage = await stageForTest();
		await request(stage);
		await request(stage);
		expect(stage.outside.mails).toHaveLength(1);
		expect(submissions(stage.cobalt)).toBe(1);
		expect(stage.cobalt.world.appointments({ status: 'scheduled' })).toMatchObject([
			{ patient_mrn: '44235', provider_ehr_id: '118' },
		]);
	});

	it.each([false, undefined])('books nothing if the answer is %s', async (answer) => {
		const stage = await stageForTest();
		stage.outside.approves = answer;
		await request(stage);
		expect(submissions(stage.cobalt)).toBe(0);
	});

	it.each([{ outcome: 'failure' as const }, { seconds: 3600 }])(
		'tells the front desk of a booking with %o, and submits it once',
		async (plan) => {
			const stage = await stageForTest();
			stage.cobalt.ehrWorker.plan(plan);
			await request(stage);
			expect(submissions(stage.cobalt)).toBe(1);
			expect(stage.outside.mails).toHaveLength(2);
		},
	);

	takesEveryBranch(name);
});
