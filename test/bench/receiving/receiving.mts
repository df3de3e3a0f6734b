import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';

import { eventually } from '../../../tools/n8n/session.mts';
import type { Stage } from '../../../tools/n8n/stage.mts';
import { deliver, type Delivered, type Deliveries } from './deliveries.mts';
import { cpuMsOf } from './metrics.mts';
import { publish, type Receiver, type ReceiverName } from './receivers.mts';

/** A kind of deliveries to one of the receivers, and what must come of each. */
interface Kind {
	receiver: ReceiverName;
	/** What is delivered, by the number of the run and of the delivery. */
	event: (run: number, index: number) => Delivered;
	response: { status: number; body: unknown };
	/** Whether each of them starts an execution. */
	isStarting: boolean;
}

const unique = (run: number, index: number): Delivered => ({ id: `${run} ${index}` });

const STARTED = { status: 200, body: { message: 'Workflow was started' } };
const ACCEPTED = { status: 200, body: { status: 'accepted' } };

const KINDS = {
	webhookNode: {
		receiver: 'webhookNode',
		event: unique,
		response: STARTED,
		isStarting: true,
	},
	otherTrigger: {
		receiver: 'otherTrigger',
		event: unique,
		// n8n's default, which it takes for the body itself.
		response: { status: 200, body: 'firstEntryJson' },
		isStarting: true,
	},
	matching: {
		receiver: 'trigger',
		event: unique,
		response: ACCEPTED,
		isStarting: true,
	},
	twoClinics: {
		receiver: 'clinicsTrigger',
		event: (run, index) => ({
			...unique(run, index),
			fields: { access_token_reference_id: `clinic_${1 + (index % 2)}` },
		}),
		response: ACCEPTED,
		isStarting: true,
	},
	filtered: {
		receiver: 'trigger',
		event: (run, index) => ({
			...unique(run, index),
			fields: { event_type: 'patient.updated' },
		}),
		response: { status: 200, body: { status: 'ignored' } },
		isStarting: false,
	},
	repeated: {
		receiver: 'trigger',
		event: () => ({ id: 'delivered before' }),
		response: { status: 200, body: { status: 'repeated' } },
		isStarting: false,
	},
	forged: {
		receiver: 'trigger',
		event: (run, index) => ({ ...unique(run, index), isForged: true }),
		response: { status: 401, body: { message: 'Invalid signature' } },
		isStarting: false,
	},
} satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

export const kindNames = Object.keys(KINDS) as KindName[];

/** What one run of one kind took. */
export interface ReceivingRun extends Deliveries {
	/** Processor time of n8n, from the first of the deliveries until nothing was left to do for them. */
	cpuMs: number;
}

/** The trigger checks what it has written to n8n's database once more, seconds after a run. */
const SETTLING_MS = 4_000;

/** Deliveries to the receivers of one n8n, each of which must have come to what it should. */
export class Receiving {
	private constructor(
		private readonly stage: Stage,
		private readonly receivers: ReadonlyMap<ReceiverName, Receiver>,
		/** How many executions each receiver must have had. */
		private readonly executions: Map<ReceiverName, number>,
	) {}

	static async prepare(stage: Stage): Promise<Receiving> {
		const names = new Set(Object.values(KINDS).map(({ receiver }) => receiver));
		const receivers = new Map<ReceiverName, Receiver>();
		for (const name of names) receivers.set(name, await publish(stage, name));
		const receiving = new Receiving(stage, receivers, new Map());
		const trigger = receiving.receiver('trigger');
		await deliver(trigger, [KINDS.repeated.event()]);
		await receiving.ended('trigger', 1);
		return receiving;
	}

	/** @throws when a response or an execution is missing, or is not as it must be */
	async run(name: KindName, run: number, count: number): Promise<ReceivingRun> {
		const { receiver, event, response, isStarting }: Kind = KINDS[name];
		const events = Array.from({ length: count }, (_, index) => event(run, index));
		const before = await cpuMsOf(this.stage);
		const deliveries = await deliver(this.receiver(receiver), events);
		const wrong = [...deliveries.singles, ...deliveries.together].find(
			({ status, body }) => !isDeepStrictEqual({ status, body }, response),
		);
		if (wrong) throw new Error(`${name}: ${wrong.status} ${JSON.stringify(wrong.body)}`);
		await this.ended(receiver, isStarting ? count : 0);
		if (response === ACCEPTED) await sleep(SETTLING_MS);
		return { ...deliveries, cpuMs: (await cpuMsOf(this.stage)) - before };
	}

	/** Waits for so many more executions. */
	private async ended(name: ReceiverName, more: number): Promise<void> {
		const { workflowId } = this.receiver(name);
		const expected = (this.executions.get(name) ?? 0) + more;
		this.executions.set(name, expected);
		await eventually(`${name}: ${expected} executions`, async () => {
			const count = await this.stage.session.countExecutions(workflowId, ['success']);
			if (count > expected) throw new Error(`${name}: ${count} executions, not ${expected}`);
			return count === expected || undefined;
		});
	}

	private receiver(name: ReceiverName): Receiver {
		const receiver = this.receivers.get(name);
		if (!receiver) throw new Error(`There is no ${name}`);
		return receiver;
	}
}
