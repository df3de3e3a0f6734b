import { parseArgs } from 'node:util';

import { startCobalt } from './index.mts';

const { values } = parseArgs({
	options: {
		port: { type: 'string', default: '4010' },
		seed: { type: 'string', default: '1' },
	},
});

function say(...columns: string[]): void {
	console.log(new Date().toLocaleTimeString('en-GB'), ...columns);
}

const cobalt = await startCobalt({
	port: Number(values.port),
	seed: Number(values.seed),
	loopbackWebhooks: true,
	// Neither paths nor queries are shown: they may hold patient data.
	onRequest: ({ method, route = '(unknown path)', status }) => {
		say('→', method.padEnd(5), route, `  ${status ?? 'cut off'}`);
	},
	onJobDone: ({ id, kind, state, submittedAt, dueAt }) => {
		const seconds = ((dueAt - submittedAt) / 1000).toFixed(1);
		say(state === 'succeeded' ? '✔' : '✘', `job ${id}`, kind, state, `after ${seconds} s`);
	},
});

const { keys, world } = cobalt;
const list = (codes: (string | null)[]) => codes.join('   ');
console.log(`
  A fake Cobalt is listening. Ctrl-C stops it.

  Base URL       ${cobalt.url}/v1
  client_id      ${keys.clientId}
  client_secret  ${keys.clientSecret}
  access_token   ${keys.accessToken}

  MRNs           ${list(world.patients().map(({ mrn }) => mrn))}
  Providers      ${list(world.providers().map(({ ehr_id }) => ehr_id))}
  Users          ${list(world.staff().map(({ ehr_id }) => ehr_id))}
  Locations      ${list(world.locations().map(({ ehr_id }) => ehr_id))}
  Visit types    ${list(world.settings.visit_types.map(({ code }) => code))}
  Visit statuses ${list(world.settings.visit_statuses.map(({ code }) => code))}
`);

// Without webhooks, jobs finish only when something queries the world.
setInterval(() => world.jobs(), 500);
process.once('SIGINT', () => {
	void cobalt.close().then(() => process.exit());
});
