import { startCobalt } from '../../tools/fake-cobalt/index.mts';
import { coreNodes, Outside } from '../../tools/n8n-host/coreNodes/index.mts';
import { Host } from '../../tools/n8n-host/host.mts';
import { example } from '../../tools/n8n-host/workflowFile.mts';
import { say, showChecks, showItems } from './screen.mts';

const EVENTS = '/webhook-events';

/**
 * The example workflow is active in an n8n, and polls. Somebody at the clinic changes a patient's phone
 * number, and it runs: once.
 *
 * @returns whether everything happened that should
 */
export async function reactToPatientUpdate(): Promise<boolean> {
	const cobalt = await startCobalt({
		onRequest: ({ method, path }) => {
			say(`n8n     → ${method} ${path}${path === EVENTS ? ': polls' : ''}`);
		},
	});
	const { inEhr } = cobalt.world;
	inEhr.updatePatient('804', { phone: '555-000-1111' });
	const outside = new Outside();
	const host = await Host.start({
		credential: { ...cobalt.keys, baseUrl: cobalt.url },
		nodes: () => coreNodes(outside),
	});
	say("n8n       'React to patient updates' is activated: it starts from now");
	await host.activate(example('react-to-patient-updates'));
	say('EHR       the staff changes an address, and then a phone number');
	inEhr.updatePatient('44235', { city: 'Springfield' });
	inEhr.updatePatient('44235', { phone: '555-867-5309' });
	await host.tick();
	await host.tick();

	const started = host.executions.map((ended) => ended.json('Contact Data Changed'));
	showItems("What the workflow was started with by 'Contact Data Changed':", started.flat());
	const [item = {}] = started.flat();
	const held = showChecks([
		['the change of the phone number started the workflow, once', started.length === 1],
		['the item says what changed, and whose it is', item.mrn === '44235'],
		['the new number was sent to the CRM, once', outside.requests.length === 1],
		[
			'neither the change before the activation nor that of the address did',
			started.flat().length === 1,
		],
	]);
	await host.stop();
	await cobalt.close();
	return held;
}
