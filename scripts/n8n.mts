/**
 * A whole n8n to try this package in, in the browser: with the package installed, an owner, a credential
 * for a fake Cobalt, and the example workflows. Nothing of it is left after Ctrl-C, except for the
 * installation of n8n itself, which is kept in the user's cache folder.
 *
 * `--port N` is where it listens (5678 if it is free), `--oldest` takes the oldest n8n that is supported,
 * and `--install-only` ends when n8n is in the cache.
 */
import { parseArgs } from 'node:util';

import { example, exampleNames } from '../tools/n8n-host/workflowFile.mts';
import { NEWEST, OLDEST } from '../tools/n8n/editions.mts';
import { install } from '../tools/n8n/installation.mts';
import { freePort } from '../tools/n8n/ports.mts';
import { showProgress } from '../tools/n8n/progress.mts';
import { OWNER } from '../tools/n8n/session.mts';
import { Stage } from '../tools/n8n/stage.mts';

/** Where n8n listens unless told otherwise. */
const N8N_PORT = 5678;

/** How often the staff changes something. */
const STAFF_MS = 30_000;

const { values } = parseArgs({
	options: {
		port: { type: 'string' },
		oldest: { type: 'boolean', default: false },
		'install-only': { type: 'boolean', default: false },
	},
});
const edition = values.oldest ? OLDEST : NEWEST;
const port = await freePort(Number(values.port ?? N8N_PORT));
if (values.port !== undefined && port !== Number(values.port)) {
	console.error(`Something else listens on port ${values.port} already. Choose another one.`);
	process.exit(1);
}

const progress = showProgress();
const installation = await install(edition, progress.step);
if (values['install-only']) {
	progress.done();
	process.exit();
}
progress.step(`Starting n8n ${edition.n8n} with this package`);
const stage = await Stage.open({ installation, port });
progress.step('Importing the example workflows');
const workflows = [];
for (const name of exampleNames()) workflows.push(await stage.import(example(name)));
progress.done();

// So that a published workflow has something to react to.
const { inEhr } = stage.cobalt.world;
let changes = 0;
setInterval(() => {
	changes += 1;
	inEhr.updatePatient('44235', { phone: `555-${String(changes).padStart(4, '0')}` });
	inEhr.book({
		patient_mrn: '804',
		datetime: new Date(Date.UTC(2030, 0, 1, changes)).toISOString(),
		appointment_type: 'follow_up',
		location: '2',
		provider_ehr_id: '118',
	});
}, STAFF_MS);

console.log(`
  n8n is running at   ${stage.url}
  Sign in with        ${OWNER.email}
  Password            ${OWNER.password}

  Example workflows, with the credential of a fake Cobalt:
${workflows.map(({ id, name }) => `    ${name}\n      ${stage.url}/workflow/${id}`).join('\n')}

  Open the first and select "Execute workflow", or publish one of the others: every ${STAFF_MS / 1000} s the staff
  of the clinic changes a phone number and books an appointment. Ctrl-C stops everything.
`);
