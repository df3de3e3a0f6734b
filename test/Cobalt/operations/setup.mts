import type { IBinaryKeyData, IDataObject, INodeParameters } from 'n8n-workflow';

import type { Cobalt, EventRecord, Job, LoggedRequest } from '../../../tools/fake-cobalt/index.mts';
import { readForm } from '../../../tools/fake-cobalt/server/multipart.mts';
import type { Ended } from '../../../tools/n8n-host/workflow.mts';
import { bookings, CREATE, run, type RunOptions } from '../setup.mts';

/** A set-up of an operation, and what comes of it. */
export interface Example {
	/** Without resource and operation. */
	parameters: INodeParameters;
	files?: IBinaryKeyData;
	/** As Cobalt documents it. */
	path: string;
	body: object;
	/** What the record has in the end, where there is one. */
	record?: object;
}

/** A submission, in a world that is ready for it. */
interface Submission {
	method: 'POST' | 'PATCH';
	/** All fields, or as many of them as go together. */
	full: Example;
	minimal: Example;
	/** Cobalt's recommendation, in seconds. */
	timeout: 120 | 180;
	/** The event that tells that it is done, where its name is documented. */
	event?: string;
	/** The key of the record's own id, where Cobalt has one. */
	recordKey?: string;
	/** The record with this id in Cobalt's world. */
	recordOf?: (id: string) => object | undefined;
	/** What the item of a pending job has besides its IDs and its status. */
	pending?: object;
	/** What the record has when the EHR worker failed at the least. */
	undone?: object;
}

/** Makes a world ready for a submission. */
export type Prepare = (cobalt: Cobalt) => Submission | Promise<Submission>;

/** What n8n keeps of a resource locator. */
export const byId = (value: string) => ({ __rl: true as const, mode: 'id', value });

export const fromList = (value: string, name: string) => ({
	__rl: true as const,
	mode: 'list',
	value,
	cachedResultName: name,
});

/** Books an appointment through the node, and gives its id in Cobalt. */
export async function booked(cobalt: Cobalt, item: IDataObject = {}): Promise<string> {
	const [booking] = bookings(1);
	const ended = await run(cobalt, {
		items: [{ ...booking, ...item }],
		parameters: { ...CREATE, options: { timeout: 600 } },
	});
	return ended.json()[0]?.appointment_id as string;
}

/** An appointment that the EHR did not take: only Cobalt has it. */
export async function unbooked(cobalt: Cobalt): Promise<string> {
	cobalt.ehrWorker.plan({ outcome: 'failure', kind: 'appointment.create' });
	await run(cobalt, { settings: { onError: 'continueRegularOutput' } });
	return String(cobalt.world.appointments({ status: 'failed' })[0]?.id);
}

/** Runs an operation, called as in `note.create`. */
export async function runOperation(
	cobalt: Cobalt,
	operation: string,
	{ parameters, files }: Pick<Example, 'parameters' | 'files'>,
	options: Omit<RunOptions, 'parameters'> = {},
): Promise<Ended> {
	const [resource = '', value = ''] = operation.split('.');
	return await run(cobalt, {
		items: [{}],
		...(files && { files: [files] }),
		...options,
		parameters: { resource, operation: value, ...parameters },
	});
}

/** The writes that Cobalt received. */
export function writes(cobalt: Cobalt): LoggedRequest[] {
	return cobalt.world.requests().filter(({ method }) => method !== 'GET');
}

/** The latest write that Cobalt received. A form is taken apart. */
export function sent(cobalt: Cobalt): { method?: string; path?: string; body: unknown } {
	const { method, path, body, headers } = writes(cobalt).at(-1) ?? { headers: {}, body: undefined };
	const contentType = headers['content-type'] ?? '';
	if (!contentType.startsWith('multipart/')) return { method, path, body };
	return { method, path, body: readForm({ contentType, body: Buffer.from(String(body)) }) };
}

/** The job that was submitted last, and its event. */
export function outcome(cobalt: Cobalt): { job?: Job; event?: EventRecord } {
	const job = cobalt.world.jobs().at(-1);
	return { job, event: cobalt.world.events().find(({ jobId }) => jobId === job?.id) };
}
