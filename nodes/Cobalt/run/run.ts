import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';

import { accountFingerprint } from '../../shared/http/credential/account';
import { readCredential } from '../../shared/http/credential/credential';
import { credentialKey } from '../../shared/http/credential/credentialKeys';
import { Account } from './account';
import type { AfterFailure } from './advice';

/** One call of the node: what all of its items share. */
export class Run {
	/** Read once: n8n copies the whole node each time it is asked for it. */
	readonly node: INode;

	readonly items: INodeExecutionData[];

	/** Whether an item that ends badly becomes an item of its own instead of ending the run. */
	readonly continueOnFail: boolean;

	/** Aborted by n8n: manual stop, execution timeout and shutdown all come as this. */
	readonly cancelled?: AbortSignal;

	/** Aborted by n8n, or by {@link stop}. */
	readonly signal: AbortSignal;

	private readonly controller = new AbortController();

	/** By what their requests are sent with. */
	private readonly accounts = new Map<string, Account>();

	constructor(readonly context: IExecuteFunctions) {
		this.node = context.getNode();
		this.items = context.getInputData();
		this.continueOnFail = context.continueOnFail();
		this.cancelled = context.getExecutionCancelSignal();
		this.signal = this.cancelled
			? AbortSignal.any([this.cancelled, this.controller.signal])
			: this.controller.signal;
	}

	/** Ends the run: nothing more is sent, and nothing more is waited for. */
	stop(): void {
		this.controller.abort();
	}

	/** n8n makes the tool for agents from this node, and gives it a type of its own. */
	get isTool(): boolean {
		return this.node.type.endsWith('Tool');
	}

	/** See {@link AfterFailure}. */
	get afterFailure(): AfterFailure {
		if (this.isTool) return 'agent';
		return this.continueOnFail ? 'continues' : 'stops';
	}

	/**
	 * The account that an item belongs to: fields of the credential may hold expressions. n8n tells no node
	 * whether they do, so the credential is read once for each item.
	 *
	 * @throws CobaltApiError for a credential that cannot be used
	 */
	async accountOf(itemIndex: number): Promise<Account> {
		const credential = await readCredential(this.context, this.node, itemIndex);
		const fingerprint = accountFingerprint(credential);
		// Another secret may be a wrong one: it is not to be used in place of the right one.
		const key = `${fingerprint} ${credentialKey(credential, 'clientSecret')}`;
		const account = this.accounts.get(key) ?? new Account(this, credential, fingerprint);
		this.accounts.set(key, account);
		return account;
	}

	hint(message: string): void {
		this.context.addExecutionHints({ message, location: 'outputPane' });
	}
}
