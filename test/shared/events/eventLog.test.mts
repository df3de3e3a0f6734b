import { describe, expect, it } from 'vitest';

import { eventsOfJob } from '../../../nodes/shared/events/eventLog.js';
import type { CobaltRequest, Send } from '../../../nodes/shared/http/client.js';

const JOB = '67890';

type Answer = Awaited<ReturnType<Send>>;

interface LogRecord {
	id: string;
	type: string;
	job_id?: string | number | null;
}

const own = (id = 'own'): LogRecord => ({ id, type: 'appointment.created', job_id: JOB });

/** Events of other jobs, and some that come from the EHR itself. */
const foreign = (count: number): LogRecord[] =>
	Array.from({ length: count }, (_, index) => ({
		id: `evt_${index}`,
		type: 'patient.created',
		...(index % 3 > 0 && { job_id: index % 3 === 1 ? `7${index}` : null }),
	}));

/** A log that answers with these pages; further ones are empty. */
function logOf(response: (page: number) => Answer) {
	const requests: CobaltRequest[] = [];
	const send: Send = async ({ method, path, query }) => {
		requests.push({ method, path, query });
		return Promise.resolve(response(Number(query?.page)));
	};
	return {
		read: async (jobId = JOB) => (await eventsOfJob(send, jobId)).map(({ id }) => id),
		send,
		requests,
		pages: () => requests.map(({ query }) => query?.page),
	};
}

/** A log that does not know the filter: everybody's events, newest first, in pages as asked for. */
const unfiltered = (records: LogRecord[]) =>
	logOf((page) => ({
		success: true,
		webhook_events: records.slice((page - 1) * 100, page * 100).map((record) => ({ ...record })),
		pagination: { page_size: 100 },
	}));

/** A log that knows the filter. */
const filtered = (records: LogRecord[]) =>
	unfiltered(records.filter(({ job_id }) => String(job_id) === JOB));

describe('the events of a job', () => {
	it('asks for the events of a job with the largest page', async () => {
		const { read, requests } = filtered([own()]);
		expect(await read()).toEqual(['own']);
		expect(requests).toEqual([
			{ method: 'GET', path: '/webhook-events', query: { job_id: JOB, page_size: 100, page: 1 } },
		]);
	});

	it.each([0, 1, 2, 99, 100])('makes one request to a log that filters: %i of them', async (n) => {
		const ids = Array.from({ length: n }, (_, index) => `own_${index}`);
		const { read, pages } = filtered([...foreign(50), ...ids.map(own)]);
		expect(await read()).toEqual(ids);
		expect(pages()).toEqual([1]);
	});

	it('picks the events of a job from the first page of a log that does not filter', async () => {
		const { read, pages } = unfiltered([
			...foreign(40),
			own('newer'),
			...foreign(7),
			own('older'),
			...foreign(400),
		]);
		expect(await read()).toEqual(['newer', 'older']);
		expect(pages()).toEqual([1]);
	});

	it.each([1, 2, 3, 4, 5])(
		'finds the events of a job on page %i of a log that does not filter',
		async (page) => {
			const before = (page - 1) * 100 + 50;
			const { read, pages, requests } = unfiltered([...foreign(before), own(), ...foreign(600)]);
			expect(await read()).toEqual(['own']);
			expect(pages()).toEqual([1, 2, 3, 4, 5].slice(0, page));
			for (const { query } of requests)
				expect(query).toMatchObject({ job_id: JOB, page_size: 100 });
		},
	);

	it('does not search for events beyond page 5', async () => {
		const { read, pages } = unfiltered([...foreign(500), own(), ...foreign(500)]);
		expect(await read()).toEqual([]);
		expect(pages()).toEqual([1, 2, 3, 4, 5]);
	});

	it.each([
		[1, 0],
		[1, 99],
		[2, 100],
		[3, 230],
		[5, 499],
	])('does not search for events beyond the end of the log, on page %i', async (last, count) => {
		const { read, pages } = unfiltered(foreign(count));
		expect(await read()).toEqual([]);
		expect(pages()).toEqual([1, 2, 3, 4, 5].slice(0, last));
	});

	it('finds events on a short last page', async () => {
		const { read, pages } = unfiltered([...foreign(219), own()]);
		expect(await read()).toEqual(['own']);
		expect(pages()).toEqual([1, 2, 3]);
	});

	it('finds the events of a job when the log writes IDs as numbers', async () => {
		const records = [
			{ ...own(), job_id: Number(JOB) },
			{ ...own('other'), job_id: 6789 },
		];
		const { read } = unfiltered(records);
		expect(await read()).toEqual(['own']);
	});

	it.each([undefined, null, '', ' '])(
		'does not take events without a job as those of the job: %j',
		async (job_id) => {
			const records = Array.from({ length: 100 }, () => ({ ...own('nobody'), job_id }));
			const { read, pages } = logOf((page) => ({
				webhook_events: page === 1 ? records : [{ ...own() }],
			}));
			// A log that filters would not have listed them.
			expect(await read()).toEqual(['own']);
			expect(pages()).toEqual([1, 2]);
		},
	);

	it('reads past entries that are no events', async () => {
		const { read } = logOf(() => ({
			webhook_events: [null, 'text', 7, [], {}, { id: 'untyped', job_id: JOB }, { ...own() }],
		}));
		expect(await read()).toEqual(['own']);
	});

	it('reads events in the other spelling', async () => {
		const { read } = logOf(() => ({
			webhook_events: [{ event_id: 'own', event_type: 'appointment.created', job_id: 67890 }],
		}));
		expect(await read()).toEqual(['own']);
	});
});

describe('an unreadable log', () => {
	it.each<Answer>([
		{},
		{ success: true },
		{ webhook_events: null },
		{ webhook_events: {} },
		{ webhook_events: 'none' },
		{ events: [] },
	])('distinguishes an unreadable log from an empty one: %j', async (response) => {
		const { read, pages } = logOf(() => response);
		await expect(read()).rejects.toThrow('does not contain the requested data');
		expect(pages()).toEqual([1]);
	});

	it('reports an unreadable log on a later page too', async () => {
		const { read, pages } = logOf((page) =>
			page === 1 ? { webhook_events: foreign(100).map((record) => ({ ...record })) } : {},
		);
		await expect(read()).rejects.toThrow('does not contain the requested data');
		expect(pages()).toEqual([1, 2]);
	});

	it('throws the error of the request unchanged', async () => {
		const error = new Error('No connection');
		const send: Send = async () => Promise.reject(error);
		await expect(eventsOfJob(send, JOB)).rejects.toBe(error);
	});
});
