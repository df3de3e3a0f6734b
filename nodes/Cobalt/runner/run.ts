import type { IDataObject, IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';

import { Brake } from '../pacing/brake';
import { systemClock as clock } from '../pacing/clock';
import { riskOf } from '../pacing/knownErrors';
import { createLimit } from '../pacing/limit';
import { patiently } from '../pacing/resend';
import { createRedact, type Redact } from '../transport/redaction';
import { connect, readCredential, type CobaltRequest, type Send } from '../transport/request';
import type { AfterFailure } from './advice';

/** One call of the node: what all of its items share. */
export class Run {
	/** Read once: n8n copies the whole node each time it is asked for it. */
	readonly node: INode;

	readonly items: INodeExecutionData[];

	readonly send: Send;

	/** How many items have a request on its way at once: one, until what they want is read. */
	limit = createLimit(1);

	readonly brake: Brake;

	/** Whether an item that ends badly becomes an item of its own instead of ending the run. */
	readonly goesOn: boolean;

	/** Aborted by n8n: manual stop, execution timeout and shutdown all come as this. */
	readonly canceled?: AbortSignal;

	/** Aborted by n8n, or by {@link stop}. */
	readonly halted: AbortSignal;

	private readonly stopper = new AbortController();

	private redacting?: Promise<Redact>;

	constructor(readonly context: IExecuteFunctions) {
		this.node = context.getNode();
		this.items = context.getInputData();
		this.send = connect(context);
		this.goesOn = context.continueOnFail();
		this.canceled = context.getExecutionCancelSignal();
		this.halted = this.canceled
			? AbortSignal.any([this.canceled, this.stopper.signal])
			: this.stopper.signal;
		this.brake = new Brake({ riskOf, clock, signal: this.halted });
	}

	/** Ends the run: nothing more is sent, and nothing more is waited for. */
	stop(): void {
		this.stopper.abort();
	}

	/** n8n makes the tool for agents from this node, and gives it a type of its own. */
	get isTool(): boolean {
		return this.node.type.endsWith('Tool');
	}

	/** See {@link AfterFailure}. */
	get afterFailure(): AfterFailure {
		if (this.isTool) return 'agent';
		return this.goesOn ? 'continues' : 'stops';
	}

	/** Does what may be repeated: a read. See {@link patiently}. */
	async patiently<T>(read: () => Promise<T>): Promise<T> {
		const { brake, halted: signal } = this;
		return await patiently(read, { riskOf, clock, brake, signal });
	}

	/** Sends a request that only reads. */
	async read(request: CobaltRequest): Promise<IDataObject> {
		return await this.patiently(async () => await this.send(request));
	}

	/** What hides the keys of the credential in texts of others. */
	async redact(): Promise<Redact> {
		return await (this.redacting ??= readCredential(this.context, this.node).then(createRedact));
	}

	hint(message: string): void {
		this.context.addExecutionHints({ message, location: 'outputPane' });
	}
}
