import { createHmac, randomUUID } from 'node:crypto';
import axios from 'axios';
import { beforeAll, describe, expect, inject, it } from 'vitest';

import type { Appointment } from '../../../tools/fake-cobalt/index.mts';
import { install } from '../../../tools/n8n/installation.mts';
import { itemsOf, until } from '../../../tools/n8n/session.mts';
import type { ActiveWorkflow } from './activeWorkflow.mts';
import { Clinic, type Booking } from './clinic.mts';
import type { Member } from './member.mts';
import { QueueStage } from './queueStage.mts';
import { bookingDesk, deliveredBookings, polledPatients, withOptions } from './workflows.mts';

const MINUTE_MS = 60_000;

/** The next look comes within a minute, and its run after it. */
const POLL_SECONDS = 180;

/** n8n gave up a lost execution 43 s after the death of its worker. */
const LOST_SECONDS = 180;

/** How often a trigger has looked at activations and starts, in addition to once a minute. */
const POLLS_AT_STARTS = 6;

let stage: QueueStage;
let clinic: Clinic;

/** Triggers are active all the time: n8n looks once a minute, and other tests use the time between. */
let polled: ActiveWorkflow;
let polledSince: number;
const changes: string[] = [];

let delivered: ActiveWorkflow;
const bookingsOfStaff: string[] = [];

beforeAll(async () => {
	stage = await QueueStage.open(await install(inject('edition')));
	return () => stage.close();
});

beforeAll(async () => {
	clinic = new Clinic(stage.cobalt);
	polledSince = Date.now();
	polled = await stage.activate(polledPatients());
	changes.push(clinic.changePatient());
});

/** Sends bookings to an active booking desk. */
async function send(path: string, bookings: Booking[], to = stage.webhook): Promise<void> {
	await axios.post(`${to.url}/webhook/${path}`, { bookings });
}

/** Each of the bookings has made one appointment, and the EHR has it. */
const eachOnce = (bookings: Booking[]) =>
	bookings.map(() => [expect.objectContaining({ status: 'scheduled' }) as Appointment]);

/** Resolves when Cobalt has so many of these bookings. */
async function submitted(bookings: Booking[], count = bookings.length): Promise<void> {
	const isSo = () => clinic.made(bookings).filter(({ length }) => length > 0).length >= count;
	await until(`${count} bookings are submitted`, isSo);
}

describe('five hundred bookings in ten executions', () => {
	it('books each of five hundred items once, on both workers', async ({ annotate }) => {
		const desk = await stage.activate(bookingDesk('many'));
		const batches = Array.from({ length: 10 }, () => clinic.bookings(50));
		const beganAt = Date.now();
		await Promise.all(batches.map((bookings) => send('many', bookings)));
		const executions = await desk.ended(batches.length);
		const seconds = (Date.now() - beganAt) / 1000;

		expect(executions.map(({ status }) => status)).toEqual(batches.map(() => 'success'));
		const results = executions.flatMap((execution) => itemsOf(execution, 'Book'));
		expect(results).toHaveLength(500);
		expect(results.filter(({ job_status: status }) => status !== 'completed')).toEqual([]);
		expect(clinic.made(batches.flat())).toEqual(eachOnce(batches.flat()));
		expect(clinic.submissions(batches.flat())).toEqual(batches.flat().map(() => 1));
		expect(await desk.workers()).toEqual(['impatient worker', 'patient worker']);
		const logReads = clinic.logReads().length;
		// Ten executions look once a second, for half a minute or so. One by one, jobs would take ten times that.
		expect(logReads).toBeLessThan(1500);
		await annotate(`500 bookings: ${seconds.toFixed(1)} s, 500 submissions, ${logReads} looks`);
	});
});

describe('deliveries', () => {
	const registered = () => stage.cobalt.world.webhooks()[0] ?? { url: '', secret: '' };

	/** The staff books, and n8n learns of it. */
	const bookAndReport = async () => {
		const id = clinic.book();
		bookingsOfStaff.push(id);
		await stage.cobalt.delivered();
		await delivered.tells([id]);
		return id;
	};

	beforeAll(async () => {
		delivered = await stage.activate(deliveredBookings());
	});

	it('registers the address of the webhook process', () => {
		expect(new URL(registered().url).origin).toBe(stage.webhook.url);
	});

	it('emits each delivery once, received by the webhook process and run on workers', async () => {
		for (let count = 1; count <= 10; count++) await bookAndReport();
		expect(await delivered.emitted()).toEqual(bookingsOfStaff);
		expect(await delivered.enqueuers()).toEqual(['webhook']);
		expect(await delivered.workers()).not.toEqual([]);
	});

	it('starts nothing for forged deliveries', async () => {
		const { length } = await delivered.executionIds();
		const event = { id: randomUUID(), type: 'appointment.created', created: new Date(), data: {} };
		const { status } = await axios.post(registered().url, event, {
			headers: { 'cobalt-verification': 'f'.repeat(64) },
			validateStatus: () => true,
		});
		expect(status).toBe(401);
		await bookAndReport();
		expect(await delivered.executionIds()).toHaveLength(length + 1);
	});

	it('emits a repeated delivery once', async () => {
		stage.cobalt.webhookSender.plan({ type: 'appointment.created', isRepeated: true });
		const id = await bookAndReport();
		const responses = stage.cobalt.deliveries.filter(({ eventId }) => eventId === id);
		expect(responses.map(({ status }) => status)).toEqual([200, 200]);
		await bookAndReport();
		expect((await delivered.emitted()).filter((one) => one === id)).toHaveLength(1);
	});

	it('emits a delivery once when it is repeated to another process', async () => {
		const id = await bookAndReport();
		const { type, created, data } = stage.cobalt.world.events().find((one) => one.id === id) ?? {};
		const { url, secret } = registered();
		const body = JSON.stringify({ id, type, created, data });
		const signature = createHmac('sha256', secret).update(body).digest('hex');
		const response = await axios.post<object>(stage.main.url + new URL(url).pathname, body, {
			headers: { 'content-type': 'application/json', 'cobalt-verification': signature },
		});
		expect(response.data).toEqual({ status: 'accepted' });
		expect(await delivered.enqueuers()).toEqual(['main', 'webhook']);
		expect((await delivered.emitted()).filter((one) => one === id)).toHaveLength(1);
	});

	it('leaves deliveries that fail without a webhook process to the sweep', async () => {
		await stage.webhook.kill();
		const id = clinic.book();
		bookingsOfStaff.push(id);
		await stage.cobalt.delivered();
		const responses = stage.cobalt.deliveries.filter(({ eventId }) => eventId === id);
		expect(responses.map(({ status }) => status)).toEqual(['network error', 'network error']);
		await stage.webhook.start();
	});
});

describe('main is killed while a worker waits', () => {
	it('continues on the worker, accepts deliveries, and polls again after the restart of main', async () => {
		const desk = await stage.activate(bookingDesk('without-main'));
		stage.cobalt.ehrWorker.plan({ kind: 'appointment.create', seconds: 10, times: 10 });
		const [early, late] = [clinic.bookings(5), clinic.bookings(5)];
		await send('without-main', early);
		await submitted(early);
		await stage.main.kill();
		changes.push(clinic.changePatient());
		await send('without-main', late);
		await submitted(late);
		await stage.startMain();
		changes.push(clinic.changePatient());

		const executions = await desk.ended(2);
		expect(executions.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(clinic.made([...early, ...late])).toEqual(eachOnce([...early, ...late]));
	});
});

describe('Stop', () => {
	/** Begins an execution that submits one after the other, and stops it after the second. */
	const stopped = async (path: string, to: Member) => {
		const desk = await stage.activate(bookingDesk(path, { concurrency: 1 }));
		const submissions = { method: 'POST', path: '/appointments' };
		stage.cobalt.faults.add({ ...submissions, kind: 'slow', ms: 500, times: 10 });
		const bookings = clinic.bookings(10);
		await send(path, bookings, to);
		await submitted(bookings, 2);
		const [id = ''] = await desk.executionIds();
		await stage.session.stop(id);
		expect((await stage.session.ended(id)).status).toBe('canceled');
		await stage.letGoOf(id);
		stage.cobalt.faults.clear();
		return clinic.made(bookings).flat().length;
	};

	it('stops the worker when main started the execution', async () => {
		expect(await stopped('stopped-at-main', stage.main)).toBeLessThan(10);
	});

	it('does not stop the worker when the webhook process started the execution', async () => {
		expect(await stopped('stopped-elsewhere', stage.webhook)).toBe(10);
	});
});

describe('a worker is killed while it waits', () => {
	const [patient, impatient] = [() => stage.workers.patient, () => stage.workers.impatient];

	/** Begins executions at once whose jobs take long, and kills their worker when all are submitted. */
	const cutOff = async (path: string, worker: Member, count: number) => {
		const desk = await stage.activate(bookingDesk(path));
		const batches = Array.from({ length: count }, () => clinic.bookings(5));
		const bookings = batches.flat();
		stage.cobalt.ehrWorker.plan({
			kind: 'appointment.create',
			seconds: 15,
			times: bookings.length,
		});
		await Promise.all(batches.map((batch) => send(path, batch)));
		await submitted(bookings);
		const ids = await desk.executionIds();
		expect(ids).toHaveLength(count);
		for (const id of ids) expect(await stage.workerOf(id)).toBe(worker);
		await worker.kill();
		return { desk, bookings, ids };
	};

	const retried = async (id: string, useSavedWorkflow = false) =>
		await stage.session.ended(await stage.session.retry(id, useSavedWorkflow));

	const expectEachOnce = (bookings: Booking[]) => {
		expect(clinic.made(bookings)).toEqual(eachOnce(bookings));
		expect(clinic.submissions(bookings)).toEqual(bookings.map(() => 1));
	};

	it('refuses in a retry what the killed worker submitted, or finds it with Search for the Appointment', async () => {
		await impatient().kill();
		const { desk, bookings, ids } = await cutOff('crash', patient(), 4);
		await patient().start();
		for (const id of ids) {
			expect((await stage.session.ended(id)).status).toBe('crashed');
			const refused = await retried(id);
			expect(refused.status).toBe('error');
			expect(refused.run.resultData.error?.message).toMatch(
				/^Appointment: Create may or may not have reached Cobalt/,
			);
		}

		await stage.session.changeWorkflow(desk.id, ({ nodes }) => ({
			nodes: withOptions(nodes, { ifResponseLost: 'search' }),
		}));
		const found = await retried(ids[0] ?? '', true);
		expect(found.status).toBe('success');
		expect(itemsOf(found, 'Book')).toHaveLength(5);
		for (const item of itemsOf(found, 'Book')) expect(item).toMatchObject({ found_in_list: true });
		expectEachOnce(bookings);
	});

	it('is given up by n8n when the worker stays away, and a retry runs no node', async () => {
		await impatient().start();
		await patient().kill();
		const { bookings, ids } = await cutOff('lost', impatient(), 1);
		const [id = ''] = ids;
		await patient().start();
		const lost = await stage.session.ended(id, LOST_SECONDS);
		expect(lost.status).toBe('error');
		expect(lost.run.resultData.error?.message).toMatch(/failed to be processed too many times/);

		const again = await retried(id);
		expect(again.status).toBe('error');
		expect(again.run.resultData.runData).toEqual({});
		expectEachOnce(bookings);
	});
});

describe('the whole run of queue mode', () => {
	it('has emitted every change once, polled on main and run on workers', async () => {
		await polled.tells(changes, POLL_SECONDS);
		expect((await polled.emitted()).sort()).toEqual(changes.sort());
		expect(await polled.enqueuers()).toEqual(['main']);
		expect(await polled.workers()).not.toEqual([]);
	});

	it('has polled once a minute, not once for each process', ({ annotate }) => {
		const logReads = clinic.logReads('patient.updated').length;
		const minutes = (Date.now() - polledSince) / MINUTE_MS;
		expect(logReads).toBeLessThanOrEqual(minutes + POLLS_AT_STARTS);
		return annotate(`${logReads} polls in ${minutes.toFixed(1)} minutes`);
	});

	it('has emitted every booking of the staff once, including the undelivered one', async () => {
		await delivered.tells(bookingsOfStaff, POLL_SECONDS);
		expect((await delivered.emitted()).sort()).toEqual(bookingsOfStaff.sort());
	});

	it('removes the registration of a deactivated trigger', async () => {
		await stage.session.deactivate(delivered.id);
		await until('nothing is registered', () => stage.cobalt.world.webhooks().length === 0);
	});
});
