/** The switch Read-Only of the credential: whatever would change something stays here. */
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { isWrite } from '../../nodes/Cobalt/declarations/operation.js';
import { resources } from '../../nodes/Cobalt/resources/index.js';
import { isReadOnly } from '../../nodes/shared/http/credential/readOnly.js';
import type { Cobalt } from '../../tools/fake-cobalt/index.mts';
import { inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, retryExecution } from '../../tools/n8n-host/workflow.mts';
import { casesAtOnce } from '../Cobalt/operations/atOnce/cases.mts';
import { writes, type Prepare } from '../Cobalt/operations/setup.mts';
import { appointments } from '../Cobalt/operations/submissions/appointments.mts';
import { chart } from '../Cobalt/operations/submissions/chart.mts';
import { liveFetches } from '../Cobalt/operations/submissions/liveFetches.mts';
import { office } from '../Cobalt/operations/submissions/office.mts';
import { patients } from '../Cobalt/operations/submissions/patients.mts';
import { busyCobalt } from '../Cobalt/operations/submissions/watched.mts';
import {
	bookings,
	cobaltForTest,
	CREATE,
	credentialOf,
	refuse,
	run,
	runFile,
} from '../Cobalt/setup.mts';
import { play, polling, webhook } from '../CobaltTrigger/setup.mts';

const LOCKED = { readOnly: true };

const REFUSAL = "'Read-Only' in the Cobalt credential is on";

const REFUSED_FIRST = new RegExp(
	`^[A-Z][\\w ]+: [A-Z][\\w ]+ (was not submitted|did not complete): ${REFUSAL} \\[item 0\\]$`,
);

const submitted: Record<string, Prepare> = { ...appointments, ...chart, ...office, ...patients };

const declared = resources.flatMap(({ value: resource, operations }) =>
	operations.map((operation) => ({ resource, operation })),
);

const written = declared.filter(({ operation }) => isWrite(operation));

describe('the action node', () => {
	it.each(written.map(({ resource, operation }) => [resource, operation.value]))(
		'refuses %s with a read-only credential: %s',
		async (resource = '', operation = '') => {
			const cobalt = await busyCobalt();
			const { minimal } = (await submitted[`${resource}.${operation}`]?.(cobalt)) ?? {};
			const { full } = casesAtOnce[`${resource}: ${operation}`]?.(cobalt.world) ?? {};
			const before = writes(cobalt).length;
			const ended = await run(cobalt, {
				parameters: { resource, operation, ...minimal?.parameters, ...full },
				items: [{}],
				...(minimal?.files && { files: [minimal.files] }),
				credential: LOCKED,
			});
			expect(ended.error?.message).toMatch(REFUSED_FIRST);
			expect(writes(cobalt)).toHaveLength(before);
		},
	);

	it.each(Object.keys(liveFetches))('permits %s, which only reads', async (name) => {
		const cobalt = await cobaltForTest();
		const { minimal } = (await liveFetches[name]?.(cobalt)) ?? {};
		const [resource = '', operation = ''] = name.split('.');
		const parameters: INodeParameters = { resource, operation, ...minimal?.parameters };
		const ended = await run(cobalt, { parameters, items: [{}], credential: LOCKED });
		expect(ended.error).toBeUndefined();
		expect(ended.json()[0]).toMatchObject({ job_status: 'completed' });
	});

	it.each(['account: getSettings', 'patient: getAll', 'webhook: getAll'])(
		'permits %s',
		async (name) => {
			const cobalt = await busyCobalt();
			const [resource = '', operation = ''] = name.split(': ');
			const parameters = { resource, operation };
			const ended = await run(cobalt, { parameters, items: [{}], credential: LOCKED });
			expect(ended.error).toBeUndefined();
		},
	);

	it('permits Validate Only with a read-only credential', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { ...CREATE, options: { validateOnly: true } };
		const ended = await run(cobalt, { parameters, credential: LOCKED });
		expect(ended.json()).toEqual([expect.objectContaining({ job_status: 'not_submitted' })]);
	});

	it('reports an item as not submitted when the workflow continues on failure', async () => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, {
			items: bookings(2),
			settings: { onError: 'continueErrorOutput' },
			credential: LOCKED,
		});
		expect(ended.json('Cobalt', 1)).toMatchObject(
			[0, 1].map((index) => ({
				error: `Appointment: Create was not submitted: ${REFUSAL} [item ${index}]`,
				details: {
					description: expect.stringContaining('use a credential whose switch is off') as unknown,
					job_status: 'not_submitted',
				},
			})),
		);
	});

	it('refuses a write by an AI agent, too', async () => {
		const cobalt = await cobaltForTest();
		const file = cobaltWorkflow(CREATE, { items: bookings(1) });
		const node = file.nodes.find(({ name }) => name === 'Cobalt');
		if (node) node.type = 'n8n-nodes-cobalt.cobaltTool';
		const ended = await runFile(cobalt, file, { credential: LOCKED });
		expect(ended.error?.message).toContain("was not submitted: 'Read-Only' in the Cobalt");
		expect(writes(cobalt)).toEqual([]);
	});

	it('submits once in a retry after Read-Only is switched off', async () => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, { items: bookings(3), credential: LOCKED });
		const retried = await inVirtualTime(
			async () => await retryExecution(ended, { credential: credentialOf(cobalt) }).result,
			() => cobalt.faults.heldBack,
		);
		expect(retried.error).toBeUndefined();
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(3);
	});

	it('waits in a retry for jobs submitted before Read-Only was switched on, and sends nothing', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, path: '/appointments', after: 2 });
		const ended = await run(cobalt, { items: bookings(3) });
		const before = writes(cobalt).length;
		const retried = await retryLocked(cobalt, ended);
		expect(retried.error?.message).toBe(
			`Appointment: Create was not submitted: ${REFUSAL} [item 2]`,
		);
		expect(writes(cobalt)).toHaveLength(before);
	});

	async function retryLocked(cobalt: Cobalt, ended: Awaited<ReturnType<typeof run>>) {
		const credential: ICredentialDataDecryptedObject = { ...credentialOf(cobalt), ...LOCKED };
		return await inVirtualTime(
			async () => await retryExecution(ended, { credential }).result,
			() => cobalt.faults.heldBack,
		);
	}

	it('evaluates Read-Only for each item where it is an expression', async () => {
		const cobalt = await cobaltForTest();
		const items = bookings(2).map((booking, index) => ({ ...booking, locked: index === 1 }));
		const ended = await run(cobalt, {
			items,
			settings: { onError: 'continueRegularOutput' },
			credential: { readOnly: '={{ $json.locked }}' },
		});
		expect(ended.json()).toEqual([
			expect.objectContaining({ job_status: 'completed' }),
			expect.objectContaining({
				error: `Appointment: Create was not submitted: ${REFUSAL} [item 1]`,
			}),
		]);
		expect(cobalt.world.requests({ method: 'POST' })).toHaveLength(1);
	});
});

describe('the trigger node', () => {
	it('does not register a webhook with a read-only credential, and says what to do instead', async () => {
		await play(async ({ cobalt, host }) => {
			host.credential = { ...credentialOf(cobalt), ...LOCKED };
			await expect(host.activate(webhook())).rejects.toThrow(
				/'Read-Only' in the Cobalt credential is on\. Set 'Receive Events By' to 'Polling'.*'Manual'/,
			);
			expect(writes(cobalt)).toEqual([]);
		});
	});

	it('leaves its webhook registered when a read-only deactivation may not write', async () => {
		await play(async ({ cobalt, host }) => {
			await host.activate(webhook());
			const before = writes(cobalt).length;
			host.credential = { ...credentialOf(cobalt), ...LOCKED };
			await host.deactivate();
			expect(writes(cobalt)).toHaveLength(before);
			expect(cobalt.world.webhooks()).toHaveLength(1);
		});
	});

	it('polls with a read-only credential', async () => {
		await play(async ({ cobalt, host }) => {
			host.credential = { ...credentialOf(cobalt), ...LOCKED };
			await host.activate(polling());
			expect(writes(cobalt)).toEqual([]);
		});
	});
});

it.each([
	[{}, false],
	[{ readOnly: false }, false],
	[{ readOnly: 'false' }, false],
	[{ readOnly: true }, true],
	[{ readOnly: 'true' }, true],
	[{ readOnly: '' }, true],
	[{ readOnly: undefined }, true],
	[{ readOnly: '={{ $vars.locked }}' }, true],
] as Array<[ICredentialDataDecryptedObject, boolean]>)(
	'reads %j as read-only: %s',
	(credential, expected) => {
		expect(isReadOnly(credential)).toBe(expected);
	},
);
