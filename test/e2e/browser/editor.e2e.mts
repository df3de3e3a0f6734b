import { describe, expect, it } from 'vitest';

import { node, to, type WorkflowFile } from '../../../tools/n8n-host/workflowFile.mts';
import { editorOfFile } from './editorOfFile.mts';
import { hasIcon } from './icon.mts';

const START = 'When clicking ‘Execute workflow’';
const BOOKING = 'Create appointment';

const PATIENTLY = { timeout: 60_000 };

/** For pictures of the canvas, of which there is nothing to see in a tall window. */
const LOW_WINDOW = { width: 1280, height: 720 };

/** What the node panel calls them. */
const CREATE_APPOINTMENT = /^Create (an )?appointment$/;
const PATIENT_UPDATED = /patient updated/;
const APPOINTMENT_CREATED = /appointment created/;

const editors = editorOfFile();

const newWorkflow = (): WorkflowFile => ({
	name: 'Book an appointment',
	nodes: [node(START, 'n8n-nodes-base.manualTrigger')],
	connections: {},
});

/** A workflow in which everything is filled in. */
function filledIn(parameters: object = {}): WorkflowFile {
	const { name, nodes } = newWorkflow();
	const picked = (value: string, cachedResultName: string) => ({
		__rl: true,
		mode: 'list',
		value,
		cachedResultName,
	});
	const book = node(BOOKING, 'n8n-nodes-cobalt.cobalt', {
		position: [220, 0],
		parameters: {
			mrn: '44235',
			datetime: '2027-03-15T09:00:00-04:00',
			provider: picked('118', 'Dr. Michael Denenberg'),
			location: picked('2', 'Riverside Clinic (480 River Road, Albany)'),
			type: picked('follow_up', 'Follow-up (follow_up)'),
			...parameters,
		},
	});
	return { name, nodes: [...nodes, book], connections: { [START]: { main: [to(BOOKING)] } } };
}

describe('the node panel', () => {
	it('lists Cobalt with its actions and triggers', async () => {
		const editor = await editors.open(newWorkflow(), { window: LOW_WINDOW });
		await editor.searchNodePanel('cobalt', { after: START });
		await editor.showActions('Cobalt');

		const names = editor.nodePanel.getByTestId('node-creator-item-name');
		await names.filter({ hasText: CREATE_APPOINTMENT }).waitFor();
		await editor.picture('find-the-node');

		const triggers = editor.nodePanel
			.getByTestId('node-creator-category-item')
			.getByText('Triggers');
		await triggers.click();
		await names.filter({ hasText: PATIENT_UPDATED }).waitFor();
	});
});

describe('a booking', () => {
	it('fills in a booking from searchable lists, and outputs it when the EHR has it', async () => {
		const { cobalt } = editors;
		cobalt.ehrWorker.plan({ seconds: 2 });
		const editor = await editors.open(newWorkflow());
		await editor.searchNodePanel('cobalt', { after: START });
		await editor.showActions('Cobalt');
		const details = await editor.add(CREATE_APPOINTMENT);

		await expect.poll(() => details.credential.inputValue(), PATIENTLY).toBe('Cobalt account');
		expect(await details.input('waitForResult').isChecked()).toBe(true);

		await details.type('mrn', '44235');
		await details.type('datetime', '2027-03-15T09:00:00-04:00');
		await details.search('provider', 'den');
		expect(await details.listed.allInnerTexts()).toEqual(['Dr. Michael Denenberg']);
		await editor.picture('pick-a-provider', details.parameters);
		await details.listed.click();
		await details.pick('location', 'river', 'Riverside Clinic');
		await details.pick('type', 'follow', 'Follow-up');
		await details.execute();

		expect(await details.outputItems()).toEqual([
			expect.objectContaining({ job_status: 'completed', mrn: '44235' }),
		]);
		await editor.picture('a-booked-appointment', details.parameters, details.output);
		expect(cobalt.world.appointments({ patient_mrn: '44235' })).toEqual([
			expect.objectContaining({
				status: 'scheduled',
				datetime: '2027-03-15T09:00:00-04:00',
				provider_ehr_id: '118',
				location: '2',
				appointment_type: 'follow_up',
			}),
		]);
	});

	it('shows why the EHR refused a booking, and what to do', async () => {
		const failure = { outcome: 'failure', failureReason: 'Slot taken.', seconds: 1 } as const;
		editors.cobalt.ehrWorker.plan(failure);
		const editor = await editors.open(filledIn());
		const details = await editor.openNode(BOOKING);
		await details.execute();

		const { message, description } = await details.outputError();
		expect(message).toContain('Appointment: Create failed in the EHR: Slot taken.');
		expect(description).toMatch(/Job ID: \d+/);
		await editor.picture('a-failed-item', details.parameters, details.output);
	});

	it('submits no booking without an MRN', async () => {
		const { cobalt } = editors;
		const submissions = () => cobalt.world.requests({ method: 'POST' }).length;
		const before = submissions();
		const editor = await editors.open(filledIn({ mrn: '' }));
		const details = await editor.openNode(BOOKING);

		await details.execute();
		await details.notice.getByText('Parameter "Patient MRN" is required').waitFor();

		// What n8n does not count as empty.
		await details.type('mrn', '  ');
		await details.execute();
		const { message, description } = await details.outputError();
		expect(message).toContain("'Patient MRN' is empty");
		expect(description).toContain('Fill it in');
		expect(submissions()).toBe(before);
	});
});

/** Opens the trigger that the node panel offers for one event, in a new workflow. */
async function addTrigger(event: RegExp) {
	const editor = await editors.open({ name: 'React to the clinic', nodes: [], connections: {} });
	await editor.searchNodePanel('cobalt');
	await editor.showActions('Cobalt');
	return { editor, details: await editor.add(event) };
}

describe('the trigger', () => {
	it('shows the schedule and no webhook of a polling trigger, and the newest event as a sample', async () => {
		const { editor, details } = await addTrigger(PATIENT_UPDATED);
		await expect
			.poll(() => details.labels(), PATIENTLY)
			.toEqual([
				...['Receive Events By', 'Trigger On', 'Source'],
				...['Poll Times', 'Mode', 'Output', 'Options'],
			]);
		expect(await details.webhookUrls.count()).toBe(0);

		const { inEhr } = editors.cobalt.world;
		inEhr.updatePatient('804', { phone: '555-0100' });
		inEhr.updatePatient('44235', { phone: '555-0142' });
		await details.execute();
		expect(await details.outputItems()).toEqual([
			expect.objectContaining({
				event_type: 'patient.updated',
				mrn: '44235',
				updated_fields: { phone: '555-0142' },
			}),
		]);
		await editor.picture('trigger-polling', details.window);
	});

	it('shows the addresses of a webhook trigger, and outputs what Cobalt delivers', async () => {
		const { cobalt } = editors;
		const { editor, details } = await addTrigger(APPOINTMENT_CREATED);
		await details.choose('mode', 'Webhook');
		await details.choose('source', 'Clinic Staff');
		await details.webhookUrls.waitFor();
		await expect
			.poll(() => details.labels(), PATIENTLY)
			.toEqual([
				...[
					'Receive Events By',
					'Trigger On',
					'Source',
					'Webhook Registration',
					'Recover Missed Events',
				],
				...['Check for Missed Events', 'Mode', 'Output', 'Options'],
			]);
		await editor.picture('trigger-webhook', details.window);

		await details.listen();
		expect(cobalt.world.webhooks()).toHaveLength(1);
		cobalt.world.inEhr.book({
			patient_mrn: '44235',
			provider_ehr_id: '118',
			location: '2',
			appointment_type: 'follow_up',
			datetime: '2027-03-15T09:00:00-04:00',
		});
		expect(await details.outputItems()).toEqual([
			expect.objectContaining({
				event_type: 'appointment.created',
				event_source: 'ehr_staff',
				mrn: '44235',
			}),
		]);
		expect(cobalt.deliveries).toHaveLength(1);
		await expect.poll(() => cobalt.world.webhooks(), PATIENTLY).toEqual([]);
	});
});

describe('the icons', () => {
	it.each([
		['light', 'cobalt.svg'],
		['dark', 'cobalt.dark.svg'],
	] as const)(
		'shows icons that suit the %s theme on the canvas and in the node panel',
		async (theme, file) => {
			const trigger = node('Cobalt Trigger', 'n8n-nodes-cobalt.cobaltTrigger', {
				parameters: { events: ['patient.updated'] },
			});
			const { nodes } = filledIn();
			const workflow = {
				name: 'Book an appointment',
				nodes: [trigger, ...nodes.slice(1)],
				connections: { [trigger.name]: { main: [to(BOOKING)] } },
			};
			const editor = await editors.open(workflow, { theme, window: LOW_WINDOW });
			for (const name of [trigger.name, BOOKING]) {
				await expect.poll(() => hasIcon(editor.canvasNode(name), file), PATIENTLY).toBe(true);
			}

			await editor.searchNodePanel('cobalt', { after: BOOKING });
			await expect.poll(() => hasIcon(editor.nodePanel, file), PATIENTLY).toBe(true);
		},
	);
});
