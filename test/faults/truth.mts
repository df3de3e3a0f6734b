/**
 * What each item says in the end, and whether it is so. Lies are told as texts, so that a test can show
 * all of them at once.
 */
import type { IDataObject } from 'n8n-workflow';

import type { Cobalt, LoggedRequest } from '../../tools/fake-cobalt/index.mts';
import type { Ended } from '../../tools/n8n-host/workflow.mts';

/** What one item says of its submission. */
export interface Claim {
	itemIndex: number;
	status: string;
	jobId?: string;
	appointmentId?: string;
	eventId?: string;
	isFound: boolean;
}

/** What all items say, those on the error output too, in the order of the items. */
export function claimsOf(ended: Ended): Claim[] {
	const outputs = [ended.items('Cobalt'), ended.items('Cobalt', 1)].flat();
	return outputs
		.map(({ json, pairedItem }) => {
			const told = (json.details ?? json) as IDataObject;
			const text = (key: string) => {
				const value = told[key];
				return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
			};
			return {
				itemIndex: (pairedItem as { item: number }).item,
				status: text('job_status') ?? 'nothing',
				jobId: text('job_id'),
				appointmentId: text('appointment_id'),
				eventId: text('event_id'),
				isFound: told.found_in_list === true,
			};
		})
		.sort((one, other) => one.itemIndex - other.itemIndex);
}

export function statusesOf(ended: Ended): string[] {
	return claimsOf(ended).map(({ status }) => status);
}

/** When a booking is to begin: that is how bookings are told apart here. */
export const startOf = ({ datetime }: { datetime?: unknown }): number =>
	Date.parse(String(datetime));

/** The attempts at one booking. */
export function attemptsAt(cobalt: Cobalt, item: IDataObject): LoggedRequest[] {
	return cobalt.world
		.requests({ method: 'POST', path: '/appointments' })
		.filter(({ body }) => startOf(body as IDataObject) === startOf(item));
}

/** Whether an answer leaves it open if Cobalt took the submission. */
function isInDoubt({ status, fault }: LoggedRequest): boolean {
	// One that was slow in being answered may have been given up before.
	return status === undefined || status >= 500 || status === 408 || fault !== undefined;
}

/** Whether each accepted submission has exactly one record, and no booking is there more often than asked for. */
export function doublesIn({ world }: Cobalt, items: readonly IDataObject[]): string[] {
	const jobs = world.jobs().filter(({ kind }) => kind === 'appointment.create');
	const ids = new Set(jobs.map(({ recordId }) => recordId));
	const made = world.appointments().filter(({ id }) => ids.has(id));
	const counted = new Map<number, number>();
	for (const one of made) {
		if (one.status === 'failed') continue;
		counted.set(startOf(one), (counted.get(startOf(one)) ?? 0) + 1);
	}
	const doubled = [...counted]
		.map(([start, count]) => ({
			start,
			count,
			asked: items.filter((item) => startOf(item) === start).length,
		}))
		.filter(({ count, asked }) => count > asked);
	return [
		...(jobs.length === made.length ? [] : [`${jobs.length} jobs, ${made.length} records`]),
		...doubled.map(
			({ start, count, asked }) =>
				`${new Date(start).toISOString()} is booked ${count} times instead of ${asked}`,
		),
	];
}

/**
 * What is not as the items say.
 *
 * @param isCutOff whether a cancel came before the answer to a request
 */
export function liesOf(
	cobalt: Cobalt,
	ended: Ended,
	items: readonly IDataObject[],
	isCutOff: (request: LoggedRequest) => boolean = () => false,
): string[] {
	const claim = claimsOf(ended);
	const indexes = claim.map(({ itemIndex }) => itemIndex);
	if (indexes.join() !== [...items.keys()].join()) {
		return [`${items.length} items went in, these came out: ${indexes.join()}`];
	}
	const lieOf = lieDetector(cobalt, items, isCutOff);
	return claim.flatMap((one) => {
		const lie = lieOf(one);
		return lie === undefined ? [] : [`item ${one.itemIndex} says ${one.status}, but ${lie}`];
	});
}

/** Asks the world once, and then tells of each item what is not so. */
function lieDetector(
	cobalt: Cobalt,
	items: readonly IDataObject[],
	isCutOff: (request: LoggedRequest) => boolean,
): (claim: Claim) => string | undefined {
	const { world } = cobalt;
	const appointments = new Map(world.appointments().map((one) => [one.id, one]));
	const jobs = new Map(world.jobs().map((job) => [job.id, job]));
	const events = new Map(world.events().map((event) => [event.id, event]));

	const recordLie = (claim: Claim, status?: string): string | undefined => {
		const record = appointments.get(claim.appointmentId ?? '');
		if (!record) return 'its appointment does not exist';
		if (startOf(record) !== startOf(items[claim.itemIndex] ?? {})) {
			return 'its appointment is that of another item';
		}
		if (status !== undefined && record.status !== status) {
			return `its appointment is ${record.status}`;
		}
		if (claim.jobId === undefined) return undefined;
		const job = jobs.get(claim.jobId);
		return job?.recordId === record.id ? undefined : 'its job is that of another item';
	};
	const eventLie = ({ jobId, eventId }: Claim): string | undefined => {
		if (eventId === undefined) return undefined;
		return events.get(eventId)?.jobId === jobId ? undefined : 'its event is that of another job';
	};
	return (claim) => {
		const item = items[claim.itemIndex] ?? {};
		switch (claim.status) {
			case 'completed':
				return recordLie(claim, 'scheduled') ?? eventLie(claim);
			case 'failed':
				return recordLie(claim, 'failed') ?? eventLie(claim);
			case 'pending':
			case 'submitted':
				return recordLie(claim);
			case 'unknown':
				return attemptsAt(cobalt, item).some((one) => isInDoubt(one) || isCutOff(one))
					? undefined
					: 'nothing went wrong with it';
			case 'not_submitted':
				return attemptsAt(cobalt, item).some(({ status }) => status === 200)
					? 'it was accepted'
					: undefined;
			default:
				return 'that is no status';
		}
	};
}
