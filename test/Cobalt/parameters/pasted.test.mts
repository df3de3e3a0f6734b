import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { bookings, cobaltForTest, CREATE, run } from '../setup.mts';

const LONG_ID = '7615917337495251231';

const FIRST_NAME = {
	resource: 'patient',
	operation: 'getAll',
	filters: { firstName: '={{ $json.name }}' },
};

describe('pasted text', () => {
	it('books for the MRN that a person sees, without invisible characters', async () => {
		const cobalt = await cobaltForTest();
		const copies = ['44235\u200b', '\u200e44235', '442\u00ad35', '٤٤٢٣٥', '\u00a044235\ufeff'];
		const items = bookings(copies.length).map((item, index) => ({ ...item, mrn: copies[index] }));
		const ended = await run(cobalt, { items });
		expect(ended.error).toBeUndefined();
		expect(cobalt.world.appointments({ patient_mrn: '44235' })).toHaveLength(copies.length);
	});

	it.each([
		['a rounded number', Number(LONG_ID)],
		['a number with an exponent', 1e21],
		['a shortened number', '7.61592E+18'],
		['decimals', '44235.0'],
		['no value', 'undefined'],
		['no value within', 'MRN-null'],
		['an object', '[object Object]'],
		['an error of a spreadsheet', '#N/A'],
	])('books for nobody when the MRN is %s', async (_, mrn) => {
		const cobalt = await cobaltForTest();
		const items = bookings(1).map((item) => ({ ...item, mrn }));
		const { error } = await run(cobalt, { items });
		expect(error?.message).toMatch(/^'Patient MRN' (is|has) .* \[item 0\]$/);
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('does not list all patients for a name of invisible characters', async () => {
		const cobalt = await cobaltForTest();
		const { error } = await run(cobalt, { items: [{ name: '\u200b' }], parameters: FIRST_NAME });
		expect(error?.message).toContain("'First Name' is empty");
		expect(cobalt.world.requests()).toEqual([]);
	});

	it.each([
		['Zoe\u0308', 'Zoë'],
		['O\u2019Neil', "O'Neil"],
		['Null', 'Null'],
		['Ja\u200bne', 'Jane'],
	])('searches for %j in its normalized form', async (name, searched) => {
		const cobalt = await cobaltForTest();
		await run(cobalt, { items: [{ name }], parameters: FIRST_NAME });
		const [request] = cobalt.world.requests({ path: '/patients' });
		expect(request?.query.first_name).toBe(searched);
	});

	it.each<[string, INodeParameters]>([
		['a note', { additionalFields: { note: 'Seen on Invalid DateTime' } }],
		['a note about a person', { additionalFields: { note: 'Mr [object Object]' } }],
		['a provider', { provider: 'Invalid DateTime' }],
		['a visit type', { type: 'Invalid DateTime' }],
	])('books nothing when a field has the text of a lost value: %s', async (_, parameters) => {
		const cobalt = await cobaltForTest();
		const { error } = await run(cobalt, { parameters: { ...CREATE, ...parameters } });
		expect(error?.message).toContain('where a value is missing');
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('accepts a note with the page breaks of a PDF', async () => {
		const cobalt = await cobaltForTest();
		const note = 'Page one\f\u0007Page two \ud83d';
		await run(cobalt, {
			parameters: { ...CREATE, additionalFields: { note: `={{ ${JSON.stringify(note)} }}` } },
		});
		expect(cobalt.world.appointments({ patient_mrn: '44235' })[0]?.note).toBe('Page one\nPage two');
	});

	it('finds a job by an ID with an invisible character', async () => {
		const cobalt = await cobaltForTest();
		const [booked] = (await run(cobalt)).json();
		const parameters = {
			resource: 'job',
			operation: 'getResult',
			jobId: `${booked?.job_id as string}\u200b`,
		};
		const [found] = (await run(cobalt, { parameters })).json();
		expect(found).toMatchObject({ job_id: booked?.job_id, job_status: 'completed' });
	});
});

it('finds the event of a job whose ID has 64 bits', async () => {
	const cobalt = await cobaltForTest();
	const reply = (path: string, body: string) => {
		cobalt.faults.add({ kind: 'status', status: 200, path, body });
	};
	const event = `{"id":"e1","type":"appointment.created","created":"2025-01-01T00:00:00Z","job_id":${LONG_ID},"data":{"appointment_id":"a1"}}`;
	const other = event.replace(LONG_ID, '7615917337495251000').replace('a1', 'somebody else');
	reply('/appointments', `{"success":true,"appointment_id":"a1","job_id":${LONG_ID}}`);
	reply(
		'/webhook-events',
		`{"success":true,"webhook_events":[${other},${event}],"pagination":{"current_page":1,"total_pages":1}}`,
	);
	const [item] = (await run(cobalt)).json();
	expect(item).toMatchObject({ job_id: LONG_ID, job_status: 'completed', appointment_id: 'a1' });
	expect(cobalt.world.requests({ path: '/webhook-events' })[0]?.query.job_id).toBe(LONG_ID);
});
