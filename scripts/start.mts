/**
 * The main job, to be watched in a terminal, on the real n8n engine and against the fake Cobalt: a workflow
 * books appointments and gets the real outcome, and another one is started by what the staff does. Exits
 * 0 only if all of that happened.
 *
 * With COBALT_CLIENT_ID, COBALT_CLIENT_SECRET and COBALT_ACCESS_TOKEN set (and COBALT_BASE_URL, if it is
 * another), it talks to that account instead: it tests the keys and, with `npm start -- --job ID`, reads
 * the result of a job. It writes nothing unless told to, with `npm start -- --write bookings.json`.
 */
import { parseArgs } from 'node:util';

import { tryAccount } from './demo/account.mts';
import { bookAppointments } from './demo/bookings.mts';
import { reactToPatientUpdate } from './demo/trigger.mts';

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

async function demonstrate(): Promise<boolean> {
	console.log('\nBooking appointments, and waiting for the real outcome\n');
	const booked = await bookAppointments();
	console.log('\nReacting to what the staff does in the EHR\n');
	return (await reactToPatientUpdate()) && booked;
}
