import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
} from 'n8n-workflow';

import type { CobaltRequest } from '../../shared/http/client';
import { accountFingerprint, keysFingerprint } from '../../shared/http/credential/account';
import {
	credentialOfClient,
	credentialOfClinic,
	resolveCredential,
} from '../../shared/http/credential/credential';
import { isReadOnly } from '../../shared/http/credential/readOnly';
import { Account } from './account';
import type { AfterFailure } from './advice';
import { isTool } from './agent';

/** What determines the account of an item. */
interface ItemAccount {
	itemIndex: number;
	clinic?: string;
	request: Pick<CobaltRequest, 'accessToken'>;
}

/** One call of the node, with what all of its items share. */
export class Run {
	/** Read once, because n8n copies the whole node in each call of getNode(). */
	readonly node: INode;

	readonly items: INodeExecutionData[];

	/** Whether a failed item becomes an output item instead of ending the run. */
	readonly continueOnFail: boolean;

	/** Aborted by n8n on a manual stop, an execution timeout, or shutdown. */
	readonly cancelled?: AbortSignal;

	/** Aborted by n8n, or by {@link stop}. */
	readonly signal: AbortSignal;

	private readonly controller = new AbortController();

	/** Accounts by the keys that their requests are sent with, and by whether they may write. */
	private readonly accounts = new Map<string, Account>();

	/** Accounts by the credentials as n8n resolved them, so that equal ones are checked and hashed once. */
	private readonly resolved: Array<{
		fields: ICredentialDataDecryptedObject;
		clinic?: string;
		isOfClient: boolean;
		account: Account;
	}> = [];

	constructor(readonly context: IExecuteFunctions) {
		this.node = context.getNode();
		this.items = context.getInputData();
		this.continueOnFail = context.continueOnFail();
		this.cancelled = context.getExecutionCancelSignal();
		this.signal = this.cancelled
			? AbortSignal.any([this.cancelled, this.controller.signal])
			: this.controller.signal;
	}

	/** Ends the run: nothing more is sent or awaited. */
	stop(): void {
		this.controller.abort();
	}

	/** Whether the node is the tool of an agent. */
	get isTool(): boolean {
		return isTool(this.node);
	}

	/** See {@link AfterFailure}. */
	get afterFailure(): AfterFailure {
		if (this.isTool) return 'agent';
		return this.continueOnFail ? 'continues' : 'stops';
	}

	/**
	 * The account of an item. Fields of the credential may be expressions, and n8n does not say whether they
	 * are, so the credential is read for each item.
	 *
	 * @param clinic of the item, if the credential has several
	 * @throws CobaltApiError for a credential that cannot be used
	 */
	async accountOf({ itemIndex, clinic, request }: ItemAccount): Promise<Account> {
		const entered = await resolveCredential(this.context, this.node, itemIndex);
		const isOfClient = request.accessToken === 'none';
		const known = this.resolved.find(
			(one) =>
				one.clinic === clinic && one.isOfClient === isOfClient && isSame(one.fields, entered),
		);
		if (known) return known.account;
		const credential = isOfClient
			? credentialOfClient(this.node, entered)
			: credentialOfClinic(this.node, entered, clinic);
		const account = this.accountWith(credential, clinic);
		this.resolved.push({ fields: { ...entered }, clinic, isOfClient, account });
		return account;
	}

	private accountWith(credential: ICredentialDataDecryptedObject, clinic?: string): Account {
		const keys = keysFingerprint(credential);
		// A credential that permits writes must not stand in for one that does not.
		const key = `${keys} ${isReadOnly(credential)} ${clinic ?? ''}`;
		const fingerprint = accountFingerprint(credential);
		const account =
			this.accounts.get(key) ?? new Account(this, credential, { fingerprint, keys, clinic });
		this.accounts.set(key, account);
		return account;
	}

	hint(message: string): void {
		this.context.addExecutionHints({ message, location: 'outputPane' });
	}
}

/** Whether two credentials have the same fields with the same values. */
function isSame(
	one: ICredentialDataDecryptedObject,
	other: ICredentialDataDecryptedObject,
): boolean {
	const keys = Object.keys(one);
	return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
