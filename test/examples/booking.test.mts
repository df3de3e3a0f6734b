import { describe, expect, it } from 'vitest';

import { submissions } from '../Cobalt/setup.mts';
import { itemsOf, runExample, stageForTest, takesEveryBranch, type Stage } from './setup.mts';

/** When the tests begin: a Monday. */
const NOW = '2025-03-10T15:00:00.000Z';

const of = (mrn: string) => (body: Record<string, unknown>) => body.mrn === mrn;

const scheduled = ({ cobalt }: Stage) => cobalt.world.appointments({ status: 'scheduled' });

describe('book-appointments', () => {
	const name = 'book-appointments';

	it('books one at once and one after a wait, and sends the refused one to the front desk', async () => {
		const stage = await stageForTest();
		stage.cobalt.ehrWorker.plan({ match: of('44235'), seconds: 1 });
		stage.cobalt.ehrWorker.plan({ match: of('804'), seconds: 30 });
		stage.cobalt.ehrWorker.plan({ match: of('999999'), seconds: 1 });
		const ended = await runExample(stage, name, { now: NOW });
		expect(
			scheduled(stage).map(({ patient_mrn, datetime }) => [patient_mrn, Date.parse(datetime)]),
		).toEqual([
			['44235', Date.parse('2025-03-24T09:00:00-04:00')],
			['804', Date.parse('2025-03-24T10:00:00-04:00')],
		]);
		expect(submissions(stage.cobalt)).toBe(3);
		expect(ended.json('Book Appointment', 1)).toMatchObject([
			{
				details: { job_status: 'failed' },
				error: expect.stringContaining('failed in the EHR') as string,
			},
		]);
		expect(ended.json('Get Result')).toMatchObject([{ job_status: 'completed', mrn: '804' }]);
		expect(stage.outside.mails).toHaveLength(1);
	});

	it('sends what is still open after the wait to the front desk, and submits nothing again', async () => {
		const stage = await stageForTest();
		stage.cobalt.ehrWorker.plan({ match: of('44235'), seconds: 1 });
		stage.cobalt.ehrWorker.plan({ match: of('804'), seconds: 3600 });
		const ended = await runExample(stage, name);
		expect(ended.json('Get Result')).toMatchObject([{ job_status: 'pending' }]);
		expect(stage.outside.mails).toHaveLength(2);
		expect(submissions(stage.cobalt)).toBe(3);
	});

	it('sends what the EHR refuses after the wait to the front desk', async () => {
		const stage = await stageForTest();
		stage.cobalt.ehrWorker.plan({ match: of('804'), seconds: 30, outcome: 'failure' });
		const ended = await runExample(stage, name);
		expect(ended.json('Get Result', 1)).toHaveLength(1);
		expect(scheduled(stage)).toHaveLength(1);
	});

	takesEveryBranch(name);
});

describe('book-from-a-form', () => {
	const name = 'book-from-a-form';

	const PERSON = {
		'First Name': 'Ada',
		'Last Name': 'Byron',
		'Date of Birth': '1985-12-10',
		Sex: 'Female',
		Email: 'ada@example.com',
		submittedAt: NOW,
		formMode: 'production',
	};

	const MARIA = {
		...PERSON,
		'First Name': 'Maria',
		'Last Name': 'Alvarez',
		'Date of Birth': '1984-03-12',
	};

	it('registers a new patient and books the first open time', async () => {
		const stage = await stageForTest();
		const before = stage.cobalt.world.patients().length;
		await runExample(stage, name, { items: itemsOf(PERSON), now: NOW });
		const patients = stage.cobalt.world.patients();
		expect(patients).toHaveLength(before + 1);
		const { mrn } = patients.at(-1) ?? {};
		expect(patients.at(-1)).toMatchObject({ first_name: 'Ada', email: 'ada@example.com' });
		expect(scheduled(stage)).toMatchObject([
			{ patient_mrn: mrn, appointment_type: 'new_patient', duration: 30 },
		]);
		expect(Date.parse(scheduled(stage)[0]?.datetime ?? '')).toBe(
			Date.parse('2025-03-12T08:00:00-04:00'),
		);
		expect(stage.outside.endings).toEqual([
			{
				title: 'You are booked',
				message: expect.stringMatching(/^Wednesday, March 12, 8:00 AM, Dr/) as string,
			},
		]);
		expect(stage.outside.mails).toEqual([]);
	});

	it('books for the patient whom the EHR has, and creates nobody', async () => {
		const stage = await stageForTest();
		const before = stage.cobalt.world.patients().length;
		await runExample(stage, name, { items: itemsOf(MARIA), now: NOW });
		expect(stage.cobalt.world.patients()).toHaveLength(before);
		expect(scheduled(stage)).toMatchObject([
			{ patient_mrn: '44235', appointment_type: 'follow_up' },
		]);
	});

	it('gives two people two times, although both ask at the same moment', async () => {
		const stage = await stageForTest();
		await runExample(stage, name, { items: itemsOf(MARIA), now: NOW });
		await runExample(stage, name, { items: itemsOf(PERSON), now: NOW });
		const times = scheduled(stage).map(
			({ datetime, provider_ehr_id }) => `${datetime} ${provider_ehr_id}`,
		);
		expect(new Set(times).size).toBe(2);
	});

	it('does not book a time that was taken meanwhile, and says that somebody will call', async () => {
		const stage = await stageForTest();
		stage.cobalt.ehrWorker.plan({ kind: 'appointment.create', outcome: 'failure' });
		await runExample(stage, name, { items: itemsOf(MARIA), now: NOW });
		expect(scheduled(stage)).toEqual([]);
		expect(submissions(stage.cobalt)).toBe(1);
		expect(stage.outside.endings).toMatchObject([{ title: 'We will call you' }]);
		expect(stage.outside.mails).toHaveLength(1);
	});

	it('says so if the EHR has not confirmed the booking in time', async () => {
		const stage = await stageForTest();
		stage.cobalt.ehrWorker.plan({ kind: 'appointment.create', seconds: 3600 });
		await runExample(stage, name, { items: itemsOf(MARIA), now: NOW });
		expect(submissions(stage.cobalt)).toBe(1);
		expect(stage.outside.endings).toMatchObject([{ title: 'We are booking your appointment' }]);
	});

	it.each([
		{
			what: 'two patients match',
			prepare: ({ cobalt }: Stage) => {
				const twin = { first_name: 'Ada', last_name: 'Byron', dob: '1985-12-10' };
				cobalt.world.inEhr.register(twin);
				cobalt.world.inEhr.register(twin);
			},
		},
		{
			what: 'the EHR takes too long to register the patient',
			prepare: ({ cobalt }: Stage) => {
				cobalt.ehrWorker.plan({ kind: 'patient.create', seconds: 3600 });
			},
		},
		{
			what: 'no time is open',
			prepare: ({ cobalt }: Stage) => {
				for (let day = 0; day < 14; day += 1) {
					for (const provider_ehr_id of ['118', '123456789']) {
						cobalt.world.addAppointment({
							patient_mrn: '804',
							datetime: new Date(Date.UTC(2025, 2, 11 + day, 4)).toISOString(),
							duration: 24 * 60,
							appointment_type: 'follow_up',
							location: '2',
							provider_ehr_id,
						});
					}
				}
			},
		},
		{
			what: 'the open times cannot be read',
			prepare: ({ cobalt }: Stage) => {
				const failure = { kind: 'status', status: 400, body: { success: false } } as const;
				cobalt.faults.add({ ...failure, path: '/availability', times: 9 });
			},
		},
	])('says that somebody will call, and books nothing, if $what', async ({ prepare }) => {
		const stage = await stageForTest();
		prepare(stage);
		await runExample(stage, name, { items: itemsOf(PERSON), now: NOW });
		expect(submissions(stage.cobalt)).toBe(0);
		expect(stage.outside.endings).toMatchObject([{ title: 'We will call you' }]);
		expect(stage.outside.mails.at(-1)).toMatchObject({ to: 'front-desk@example.com' });
	});

	takesEveryBranch(name);
});
