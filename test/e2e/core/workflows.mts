import { randomUUID } from 'node:crypto';
import axios from 'axios';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { node, to, type WorkflowFile } from '../../../tools/n8n-host/workflowFile.mts';
import { eventually, type StoredExecution } from '../../../tools/n8n/session.mts';
import type { Stage } from '../../../tools/n8n/stage.mts';
import { bookingNode, splitOutNode, webhookNode } from '../nodes.mts';

/** An appointment that a test asks for. */
export interface Visit {
	mrn: string;
	/** As ISO 8601 in UTC. */
	datetime: string;
}

let visitsGivenOut = 0;

/** A visit that gets in no other's way: each is on another day, later than those before it. */
export function visit(): Visit {
	const start = new Date(Date.UTC(2027, 2, ++visitsGivenOut, 15));
	return { mrn: '44235', datetime: start.toISOString() };
}

/** So many of them. */
export function visits(count: number): Visit[] {
	return Array.from({ length: count }, visit);
}

/** Tells what belongs to these visits: the body of a submission, or an appointment. */
export function of(...wanted: readonly Visit[]): (record: object) => boolean {
	const moments = new Set(wanted.map(({ datetime }) => Date.parse(datetime)));
	return (record) => 'datetime' in record && moments.has(Date.parse(String(record.datetime)));
}

/** How often Cobalt was asked to book these visits. */
export function submissions(cobalt: Cobalt, wanted: readonly Visit[]): number {
	const requests = cobalt.world.requests({ method: 'POST', path: '/appointments' });
	return requests.filter(({ body }) => of(...wanted)(body as object)).length;
}

/** Those of these visits that are in the EHR, each as often as it is there, by their starts. */
export function booked(cobalt: Cobalt, wanted: readonly Visit[]): string[] {
	const appointments = cobalt.world.appointments({ status: 'scheduled' }).filter(of(...wanted));
	return appointments.map(({ datetime }) => new Date(datetime).toISOString()).sort();
}

/** The starts of visits, as {@link booked} tells them. */
export function startsOf(wanted: readonly { datetime?: unknown }[]): unknown[] {
	return wanted.map(({ datetime }) => datetime);
}

/** How often Cobalt was asked what became of its jobs. */
export function lookups(cobalt: Cobalt): number {
	return cobalt.world.requests({ path: '/webhook-events' }).length;
}

/** How an execution is started: *Execute workflow* in the editor, or a call to the active workflow. */
type Mode = 'manual' | 'webhook';

export interface Booking {
	visits: readonly Visit[];
	mode: Mode;
	/** Parameters of the node that books, beside or instead of the usual ones. */
	parameters?: INodeParameters;
	/** n8n's own settings of that node. */
	settings?: Partial<INode>;
}

/** Where an execution is found. */
export interface Started {
	workflowId: string;
	executionId: string;
}

/** Starts an execution of {@link bookingWorkflow}, a new workflow each time. */
export async function startBooking(stage: Stage, booking: Booking): Promise<Started> {
	const path = randomUUID();
	const { id: workflowId } = await stage.import(bookingWorkflow(booking, path));
	const executionId = await (booking.mode === 'manual'
		? stage.session.execute(workflowId, 'Start')
		: startByCall(stage, workflowId, path, callFor(booking)));
	if (executionId === undefined) throw new Error('n8n waits for a call instead of starting');
	return { workflowId, executionId };
}

/** Starts an execution and waits for its end. */
export async function book(stage: Stage, booking: Booking): Promise<StoredExecution> {
	const { executionId } = await startBooking(stage, booking);
	return await stage.session.ended(executionId);
}

/** *Retry* in the list of executions, to its end. */
export async function retry(
	{ session }: Stage,
	executionId: string,
	workflow: 'original' | 'saved',
): Promise<StoredExecution> {
	return await session.ended(await session.retry(executionId, workflow === 'saved'));
}

/** Saves the workflow of a booking with other parameters of the node that books. */
export async function changeBooking(
	{ session }: Stage,
	workflowId: string,
	change: INodeParameters,
): Promise<void> {
	await session.changeWorkflow(workflowId, ({ nodes }) => ({
		nodes: nodes.map((each) =>
			each.name === 'Book' ? { ...each, parameters: { ...each.parameters, ...change } } : each,
		),
	}));
}

/** What a caller of the workflow sends. */
function callFor({ visits }: Booking): IDataObject {
	return { visits: visits.map((each) => ({ ...each })) };
}

/** Start → Visits → Book → Booked, and from the error output of Book → Needs a Look. */
function bookingWorkflow(booking: Booking, path: string): WorkflowFile {
	const { mode, parameters, settings } = booking;
	return {
		name: 'Book visits',
		nodes: [
			mode === 'manual'
				? node('Start', 'n8n-nodes-base.manualTrigger')
				: webhookNode('Start', path),
			splitOutNode('Visits', 'visits'),
			bookingNode(parameters, settings),
			node('Booked', 'n8n-nodes-base.noOp'),
			node('Needs a Look', 'n8n-nodes-base.noOp'),
		],
		connections: {
			Start: { main: [to('Visits')] },
			Visits: { main: [to('Book')] },
			Book: { main: [to('Booked'), to('Needs a Look')] },
		},
		pinData: mode === 'manual' ? { Start: [{ json: { body: callFor(booking) } }] } : {},
	};
}

async function startByCall(
	{ session, url }: Stage,
	workflowId: string,
	path: string,
	call: IDataObject,
): Promise<string> {
	await session.activate(workflowId);
	await axios.post(`${url}/webhook/${path}`, call);
	// n8n answers before it has written the execution down.
	const first = async () => (await session.executions(workflowId))[0]?.id;
	return await eventually('the call has started an execution', first);
}
