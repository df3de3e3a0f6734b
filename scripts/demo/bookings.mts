import type { IDataObject } from 'n8n-workflow';

import { startCobalt } from '../../tools/fake-cobalt/index.mts';
import { startWorkflow } from '../../tools/n8n-host/workflow.mts';
import { bookingExample, exampleNodeTypes } from './example.mts';
import { say, showChecks, showItems } from './screen.mts';

/**
 * The example workflow books three appointments. One succeeds, one is refused by the EHR, one is still
 * pending at its timeout and is looked up later.
 *
 * @returns whether everything happened that should
 */
export async function bookAppointments(): Promise<boolean> {
	let lookups = 0;
	const cobalt = await startCobalt({
		onRequest: ({ method, path }) => {
			if (path === '/webhook-events') lookups += 1;
			else say(`n8n     → ${method} ${path}: submitted`);
		},
		onJobDone: ({ id, state }) => {
			say(`EHR       job ${id} ${state}`);
		},
	});
	const of = (mrn: string) => (body: Record<string, unknown>) => body.mrn === mrn;
	cobalt.ehrWorker.plan({ match: of('44235'), outcome: 'success', seconds: 2.5 });
	cobalt.ehrWorker.plan({ match: of('804'), outcome: 'success', seconds: 9 });
	cobalt.ehrWorker.plan({ match: of('999999'), seconds: 1.5 });
	say(`Cobalt    a fake Cobalt listens on ${cobalt.url}`);

	const waiting = setInterval(() => {
		const running = cobalt.world.jobs().filter(({ state }) => state === 'running').length;
		say(`n8n       waiting; ${running} jobs under way, ${lookups} looks so far`);
	}, 2000);
	const ended = await startWorkflow(bookingExample(), {
		nodeTypes: exampleNodeTypes(),
		credential: { ...cobalt.keys, baseUrl: cobalt.url },
		onNodeFinished: (name) => {
			say(`n8n       '${name}' is done`);
		},
	}).result;
	clearInterval(waiting);

	const booked = ended.json('Book Appointment');
	const refused = ended.json('Book Appointment', 1);
	const lookedUp = ended.json('Get Result');
	showItems("'Book Appointment', what was booked or is still pending:", booked);
	showItems("'Book Appointment', error output:", refused);
	showItems("'Get Result', looked up later by job_id:", lookedUp);

	const statuses = (items: IDataObject[]) =>
		JSON.stringify(items.map(({ job_status }) => job_status));
	const appointments = cobalt.world.appointments();
	const held = showChecks([
		[
			'one booking succeeded, one was pending at its timeout',
			statuses(booked) === '["completed","pending"]',
		],
		[
			'one was refused by the EHR, in its words',
			JSON.stringify(refused).includes('No patient with this MRN'),
		],
		['the pending one was found later', statuses(lookedUp) === '["completed"]'],
		['Cobalt has three submissions and no more', appointments.length === 3],
	]);
	if (ended.error) console.log(`\nThe workflow stopped: ${ended.error.message}`);
	await cobalt.close();
	return !ended.error && held;
}
