import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';

import { systemClock as clock } from '../pacing/clock';
import { createLimit } from '../pacing/limit';
import { patiently } from '../pacing/resend';
import { connect, type Send } from '../transport/request';
import { riskOf } from './failures';

/** How many items have a request on its way at once. */
const ITEMS_SIDE_BY_SIDE = 5;

/** One call of the node: what all of its items share. */
export class Run {
	/** Read once: n8n copies the whole node each time it is asked for it. */
	readonly node: INode;

	readonly items: INodeExecutionData[];

	readonly send: Send;

	readonly limit = createLimit(ITEMS_SIDE_BY_SIDE);

	/** Whether an item that ends badly becomes an item of its own instead of ending the run. */
	readonly goesOn: boolean;

	/** Aborted by n8n: manual stop, execution timeout and shutdown all come as this. */
	readonly canceled?: AbortSignal;

	/** Aborted by n8n, or by {@link stop}. */
	readonly halted: AbortSignal;

	private readonly stopper = new AbortController();

	constructor(readonly context: IExecuteFunctions) {
		this.node = context.getNode();
		this.items = context.getInputData();
		this.send = connect(context);
		this.goesOn = context.continueOnFail();
		this.canceled = context.getExecutionCancelSignal();
		this.halted = this.canceled
			? AbortSignal.any([this.canceled, this.stopper.signal])
			: this.stopper.signal;
	}

	/** Ends the run: nothing more is sent, and nothing more is waited for. */
	stop(): void {
		this.stopper.abort();
	}

	/** n8n makes the tool for agents from this node, and gives it a type of its own. */
	get isTool(): boolean {
		return this.node.type.endsWith('Tool');
	}

	/** Does what may be repeated: a read. See {@link patiently}. */
	async patiently<T>(read: () => Promise<T>): Promise<T> {
		return await patiently(read, { riskOf, clock, signal: this.halted });
	}

	hint(message: string): void {
		this.context.addExecutionHints({ message, location: 'outputPane' });
	}
}
