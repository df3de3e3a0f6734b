/** n8n's own AI Agent with Cobalt nodes as its tools. The language model follows a script. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { node, to, type WorkflowFile } from '../../../tools/n8n-host/workflowFile.mts';
import { createCredential } from '../../../tools/n8n/cobaltAccount.mts';
import { itemsOf, type StoredExecution } from '../../../tools/n8n/session.mts';
import { ChatModel, type Decide, type Turn } from '../chatModel.mts';
import { sceneOfFile } from '../scene.mts';

const scene = sceneOfFile({ cobalt: { medianSeconds: 1 } });

let model: ChatModel;

beforeAll(async () => {
	model = await ChatModel.start();
});

afterAll(() => {
	model.close();
});

/** What the editor writes for *Let the model define this parameter*. */
const fromModel = (label: string, type = 'string', description = '') =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${label}', \`${description}\`, '${type}') }}`;

/** The same in a locator whose mode is still the first one. */
const pickedByModel = (label: string) => ({ __rl: true, mode: 'list', value: fromModel(label) });

const TOOLS: Record<string, INodeParameters> = {
	'Find Patients': {
		resource: 'patient',
		operation: 'getAll',
		filters: {
			lastName: fromModel('Last_Name'),
			dob: fromModel('Date_of_Birth'),
			phone: fromModel('Phone'),
		},
	},
	'Find Slots': {
		resource: 'availability',
		operation: 'findSlots',
		startDate: fromModel('Start_Date', 'string', 'The first day, as YYYY-MM-DD'),
		endDate: fromModel('End_Date'),
		limit: 3,
		filters: { providerIds: fromModel('Provider_Names_or_IDs') },
	},
	'Account Settings': { resource: 'account', operation: 'getSettings' },
	Book: {
		resource: 'appointment',
		operation: 'create',
		mrn: fromModel('Patient_MRN'),
		datetime: fromModel('Date_and_Time_with_Offset'),
		provider: pickedByModel('Provider_EHR_ID'),
		// Whoever builds the agent may fix what there is one of.
		location: { __rl: true, mode: 'list', value: '2', cachedResultName: 'Main Street Clinic' },
		type: pickedByModel('Visit_Type_Code'),
		additionalFields: { note: fromModel('Note'), duration: fromModel('Duration', 'number') },
	},
	Cancel: {
		resource: 'appointment',
		operation: 'cancel',
		appointmentId: fromModel('Appointment_ID'),
		status: pickedByModel('Status_Code'),
	},
};

/** The agent with its tools. The credentials of Cobalt nodes are chosen when it is imported. */
function agentWorkflow(): WorkflowFile {
	const toAgent = (type: 'ai_tool' | 'ai_languageModel') => ({
		[type]: [[{ node: 'Agent', type, index: 0 }]],
	});
	const names = Object.keys(TOOLS);
	return {
		name: 'Agent',
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger'),
			node('Agent', '@n8n/n8n-nodes-langchain.agent', {
				typeVersion: 3,
				parameters: {
					promptType: 'define',
					text: 'Book, then reschedule.',
					options: { maxIterations: 20 },
				},
			}),
			node('Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', {
				// The last version that asks for chat completions unless told otherwise.
				typeVersion: 1.2,
				parameters: { model: { __rl: true, mode: 'id', value: 'scripted' } },
			}),
			...Object.entries(TOOLS).map(([name, parameters]) =>
				node(name, 'n8n-nodes-cobalt.cobaltTool', { parameters }),
			),
		],
		connections: {
			Start: { main: [to('Agent')] },
			Model: toAgent('ai_languageModel'),
			...Object.fromEntries(names.map((name) => [name, toAgent('ai_tool')])),
		},
	};
}

/** Lets the model talk to the agent by this script. */
async function converse(...script: Decide[]): Promise<StoredExecution> {
	const { session } = scene.stage;
	const openAi = await createCredential(session, 'openAiApi', 'Scripted', model.credential);
	const { id } = await scene.stage.import(agentWorkflow());
	await session.changeWorkflow(id, ({ nodes }) => ({
		nodes: nodes.map((each) => (each.name === 'Model' ? { ...each, credentials: openAi } : each)),
	}));
	model.follow(...script);
	return await session.ended((await session.execute(id, 'Start')) ?? '');
}

type Records = Record<string, string>[];

/** The calls of the first conversation whose results later ones use. */
const FIND_PATIENTS = 0;
const FIND_SLOTS = 1;
const BOOK = 4;

const findPatients = (lastName: string): Turn => ({
	tool: 'Find_Patients',
	args: { Last_Name: lastName, Date_of_Birth: '', Phone: '' },
});

/** Books one of the slots for the patient who was found, with some arguments instead. */
const book =
	(slot: number, instead: IDataObject = {}): Decide =>
	(results) => {
		const [patient] = results[FIND_PATIENTS] as Records;
		const { start, provider_id } = (results[FIND_SLOTS] as Records)[slot] ?? {};
		return {
			tool: 'Book',
			args: {
				Patient_MRN: patient?.mrn,
				Date_and_Time_with_Offset: start,
				Provider_EHR_ID: provider_id,
				Visit_Type_Code: 'follow_up',
				Note: '',
				Duration: 30,
				...instead,
			},
		};
	};

/** Cancels the first booking. */
const cancel =
	(status: string): Decide =>
	(results) => {
		const [booked] = results[BOOK] as Records;
		const args = { Appointment_ID: booked?.appointment_id, Status_Code: status };
		return { tool: 'Cancel', args };
	};

it('finds a patient, offers slots, books, reschedules and cancels with what the tools return', async () => {
	const { world } = scene.stage.cobalt;
	const days = { Start_Date: '2027-03-15', End_Date: '2027-03-16' };
	const execution = await converse(
		() => findPatients('Alvarez'),
		() => ({ tool: 'Find_Slots', args: { ...days, Provider_Names_or_IDs: '118' } }),
		() => ({ tool: 'Account_Settings', args: {} }),
		book(0, { Date_and_Time_with_Offset: '3/15/2027 8:00 AM' }),
		book(0),
		book(0),
		book(1),
		cancel('CANCELLED'),
		cancel('CANC'),
		() => findPatients('Nobody'),
		() => ({ text: 'Your appointment is moved.' }),
	);
	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'Agent')).toEqual([{ output: 'Your appointment is moved.' }]);

	const [, slots, settings, wrongDate, booked, repeated, moved, wrongStatus, cancelled, nobody] =
		model.results;
	expect(settings).toMatchObject([{ visit_statuses: [{ code: 'CANC' }, {}, {}] }]);
	expect(wrongDate).toEqual([
		{ error: expect.stringMatching(/has to begin with the year\. .*Write 2025-03-15/) as string },
	]);
	expect(wrongStatus).toEqual([
		{ error: expect.stringMatching(/not submitted: .*status.*\. Correct what/) as string },
	]);
	expect(repeated).toEqual(booked);
	expect([booked, moved, cancelled]).toMatchObject([
		[{ job_status: 'completed', mrn: '44235' }],
		[{ job_status: 'completed', mrn: '44235' }],
		[{ job_status: 'completed', status: 'CANC' }],
	]);
	expect(nobody).toBe('');

	const start = (slot: number) => Date.parse((slots as Records)[slot]?.start ?? '');
	const appointments = world
		.appointments({ source: 'cobalt_operation' })
		.map(({ datetime, status }) => ({ start: Date.parse(datetime), status }));
	expect(appointments).toEqual([
		{ start: start(0), status: 'CANC' },
		{ start: start(1), status: 'scheduled' },
	]);
	expect(world.requests({ method: 'POST', path: '/appointments' })).toHaveLength(2);
});

it('tells the model what each tool does, and which ID each argument is', async () => {
	await converse(() => ({ text: 'Hello.' }));
	const tools = Object.fromEntries(model.tools.map((tool) => [tool.name, tool]));
	expect(tools.Book?.description).toContain(
		'Needs: Patient MRN, Date and Time with Offset, Provider EHR ID, Location EHR ID, Visit Type Code. Pass an empty text',
	);
	expect(tools.Book?.parameters).toMatchObject({
		properties: {
			Patient_MRN: { type: 'string' },
			Date_and_Time_with_Offset: { type: 'string' },
			Provider_EHR_ID: { type: 'string' },
			Visit_Type_Code: { type: 'string' },
			Duration: { type: 'number' },
			Note: { type: 'string' },
		},
		// n8n leaves no argument out: a model has to pass something for each.
		required: expect.arrayContaining(['Note', 'Duration']) as string[],
	});
	expect(tools.Find_Slots?.description).toMatch(
		/comma-separated EHR IDs only, .*nothing was found/,
	);
	expect(tools.Find_Slots?.parameters.properties).toEqual({
		Start_Date: { type: 'string', description: 'The first day, as YYYY-MM-DD' },
		End_Date: { type: 'string' },
		Provider_Names_or_IDs: { type: 'string' },
	});
	expect(tools.Cancel?.description).toContain('do not call it again for the same');
	expect(tools.Find_Patients?.description).not.toContain('do not call it again');
});
