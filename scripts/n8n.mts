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

/** How often mails and requests of the examples are shown. */
const SHOWN_EVERY_MS = 1000;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The data tables that examples keep something in, with their columns of text. */
const TABLES = {
	cobalt_import: ['reference', 'job_id', 'job_status'],
	cobalt_events: ['event_id', 'event_type'],
};

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
const stage = await Stage.open({ installation, port, cobalt: { clinics: 2 } });
progress.step('Creating the data tables of the examples');
const { id: project } = await stage.session.get<{ id: string }>('/projects/personal');
for (const [name, columns] of Object.entries(TABLES)) {
	await stage.session.post(`/projects/${project}/data-tables`, {
		name,
		columns: columns.map((column) => ({ name: column, type: 'string' })),
	});
}
progress.step('Importing the example workflows');
const workflows = [];
for (const name of exampleNames()) workflows.push(await stage.import(example(name)));
progress.done();

// So that a published workflow has something to react to.
let changes = 0;
setInterval(() => {
	changes += 1;
	const visit = {
		patient_mrn: '804',
		datetime: new Date(Date.now() + changes * DAY_MS).toISOString(),
		appointment_type: 'follow_up',
		location: '2',
		provider_ehr_id: '118',
	};
	const { world } = stage.cobalt;
	world.inEhr.updatePatient('44235', { phone: `555-${String(changes).padStart(4, '0')}` });
	world.inEhr.book(visit);
	// The other clinic only cancels: its events come to the webhooks of both.
	for (const { world: other } of stage.cobalt.clinics.slice(1)) {
		other.inEhr.setStatus(other.addAppointment(visit).id, 'CANC');
	}
	world.account.loginExpires();
}, STAFF_MS);

// Everything that the examples send ends here.
const { mails } = stage.surroundings.mailServer;
const { requests } = stage.surroundings.webService;
setInterval(() => {
	for (const mail of mails.splice(0)) console.log(`\n  Mail:\n${mail.replace(/^/gm, '    ')}`);
	for (const { method, path, body } of requests.splice(0)) {
		console.log(`\n  Request to example.com: ${method} ${path}\n    ${body.slice(0, 200)}`);
	}
}, SHOWN_EVERY_MS);

console.log(`
  n8n is running at   ${stage.url}
  Sign in with        ${OWNER.email}
  Password            ${OWNER.password}

  Example workflows, with credentials of a fake Cobalt and of a mail server that shows each mail here:
${workflows.map(({ id, name }) => `    ${name}\n      ${stage.url}/workflow/${id}`).join('\n')}

  Open one and select "Execute workflow", or publish those with a Cobalt Trigger: every ${STAFF_MS / 1000} s the staff
  changes a phone number and books an appointment, that of another clinic cancels one, and a login expires.
  What goes to example.com comes here, too. Ctrl-C stops everything.
`);
