/**
 * The main job, to be watched in a terminal: the example workflow books three appointments on the real
 * n8n engine. One succeeds, one is refused by the EHR, one is still pending at its timeout and is
 * looked up later. Exits 0 only if all of that happened.
 *
 * With COBALT_CLIENT_ID, COBALT_CLIENT_SECRET and COBALT_ACCESS_TOKEN set (and COBALT_BASE_URL, if it is
 * another), it talks to that account instead of the stand-in: it tests the keys and, with
 * `npm start -- --job ID`, reads the result of a job. It writes nothing unless told to, with
 * `npm start -- --write bookings.json`.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { IDataObject } from 'n8n-workflow';

import { startCobalt } from '../test/cobalt/index.mts';
import { testCredential } from '../test/engine/credentialTest.mts';
import {
	cobaltWorkflow,
	startWorkflow,
	type Ended,
	type WorkflowFile,
} from '../test/engine/workflow.mts';

type Credential = Record<'clientId' | 'clientSecret' | 'accessToken' | 'baseUrl', string>;

const startedAt = Date.now();

function say(what: string): void {
	const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(5);
	console.log(`${seconds} s  ${what}`);
}

function showItems(title: string, items: IDataObject[]): void {
	console.log(`\n${title}`);
	for (const json of items) console.log(JSON.stringify(json, null, 2).replace(/^/gm, '    '));
}

const example = JSON.parse(
	readFileSync(new URL('../examples/book-appointments.json', import.meta.url), 'utf8'),
) as WorkflowFile;

/** Against the stand-in: true if everything happened that should. */
async function demonstrate(): Promise<boolean> {
	let looks = 0;
	const cobalt = await startCobalt({
		onRequest: ({ method, path }) => {
			if (path === '/webhook-events') looks += 1;
			else say(`n8n     → ${method} ${path}: submitted`);
		},
		onJobDone: ({ id, state }) => {
			say(`EHR       job ${id} ${state}`);
		},
	});
	const of = (mrn: string) => (body: Record<string, unknown>) => body.mrn === mrn;
	cobalt.robot.plan({ match: of('44235'), outcome: 'success', seconds: 2.5 });
	cobalt.robot.plan({
		match: of('804'),
		outcome: 'failure',
		seconds: 1.5,
		failureReason: 'The provider already has an appointment at this time.',
	});
	cobalt.robot.plan({ match: of('MRN123456'), outcome: 'success', seconds: 9 });
	say(`Cobalt    a stand-in listens on ${cobalt.url}`);

	const waiting = setInterval(() => {
		const running = cobalt.world.jobs().filter(({ state }) => state === 'running').length;
		say(`n8n       waiting; ${running} jobs under way, ${looks} looks so far`);
	}, 2000);
	const ended = await startWorkflow(example, {
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
	const checks: Array<[string, boolean]> = [
		[
			'one booking succeeded, one was pending at its timeout',
			statuses(booked) === '["completed","pending"]',
		],
		['one was refused by the EHR, in its words', JSON.stringify(refused).includes('already has')],
		['the pending one was found later', statuses(lookedUp) === '["completed","completed"]'],
		['Cobalt has three submissions and no more', appointments.length === 3],
	];
	console.log();
	for (const [what, held] of checks) console.log(`${held ? '✔' : '✘'} ${what}`);
	if (ended.error) console.log(`\nThe workflow stopped: ${ended.error.message}`);
	await cobalt.close();
	return !ended.error && checks.every(([, held]) => held);
}

/** Against an account of one's own. */
async function tryAccount(
	credential: Credential,
	{ write, job }: { write?: string; job?: string },
): Promise<boolean> {
	const test = await testCredential(credential);
	say(`Credential test: ${test.status}${test.status === 'OK' ? '' : `, ${test.message}`}`);
	if (test.status !== 'OK') return false;
	const file = write !== undefined ? bookFrom(write) : job !== undefined ? read(job) : undefined;
	if (file === undefined) {
		say('To read the result of a job: npm start -- --job ID');
		return true;
	}
	const ended: Ended = await startWorkflow(file, { credential }).result;
	for (const node of file.nodes) {
		if (node.type.endsWith('.cobalt')) showItems(`'${node.name}':`, ended.json(node.name));
	}
	if (ended.error) console.log(`\n${ended.error.message}\n${ended.error.description ?? ''}`);
	return !ended.error;
}

function read(jobId: string): WorkflowFile {
	return cobaltWorkflow({ resource: 'job', operation: 'getResult', jobId });
}

/** @param path a JSON file with a list of bookings, each with the keys of the example's pinned data */
function bookFrom(path: string): WorkflowFile {
	const bookings = JSON.parse(readFileSync(path, 'utf8')) as IDataObject[];
	say(`Booking ${bookings.length} appointments, for you asked to write`);
	return { ...example, pinData: { 'Three Bookings': bookings.map((json) => ({ json })) } };
}

const { values } = parseArgs({
	options: { write: { type: 'string' }, job: { type: 'string' } },
});
const { COBALT_CLIENT_ID, COBALT_CLIENT_SECRET, COBALT_ACCESS_TOKEN, COBALT_BASE_URL } =
	process.env;
const succeeded =
	COBALT_CLIENT_ID && COBALT_CLIENT_SECRET && COBALT_ACCESS_TOKEN
		? await tryAccount(
				{
					clientId: COBALT_CLIENT_ID,
					clientSecret: COBALT_CLIENT_SECRET,
					accessToken: COBALT_ACCESS_TOKEN,
					baseUrl: COBALT_BASE_URL ?? 'https://api.usecobalt.com',
				},
				values,
			)
		: await demonstrate();
process.exit(succeeded ? 0 : 1);
