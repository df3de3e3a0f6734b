import { NodeOperationError, type ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { CobaltEvent } from '../../shared/events/event';
import { accountFingerprint, clinicFingerprint } from '../../shared/http/credential/account';
import {
	clinicsIn,
	hasMultipleClinics,
	resolveCredential,
	type RequestContext,
} from '../../shared/http/credential/credential';
import { firstText } from '../../shared/json';
import type { TriggerSettings } from '../settings';

/** One of the accounts whose events a trigger receives. */
export interface TriggerAccount {
	/**
	 * Identifies the account. Two accounts may use the same ids for different events, so what is remembered is
	 * kept apart by account. See {@link accountFingerprint}.
	 */
	id: string;
	/** Its reference ID, in a credential with several clinics. */
	clinic?: string;
	/** Identifies the clinic even when its access token is replaced. See {@link clinicFingerprint}. */
	clinicId?: string;
	credential: ICredentialDataDecryptedObject;
}

/** How many clinics' logs are read at the same time. */
export const MAX_CONCURRENT_LOGS = 5;

/** In place of an account's id, for an event that names no clinic: it may belong to any of them. */
export const UNNAMED = '';

/** The accounts of a trigger's credential, in the order of the credential. */
export class TriggerAccounts {
	constructor(
		readonly all: readonly TriggerAccount[],
		/** Whether the credential is one for several clinics, even if it has a single one. */
		readonly isMultiple: boolean,
	) {}

	/**
	 * The id of the account that an event belongs to. A trigger with one clinic accepts all of its events.
	 *
	 * @returns {@link UNNAMED} for an event that names no clinic; undefined if its clinic is not in the credential
	 */
	ownerOf({ reference, raw }: CobaltEvent): string | undefined {
		if (!this.isMultiple) return this.idOf();
		const owner = this.idOf(reference);
		// Older live-fetch events have a `user_id` instead, which may be another name.
		const isNamed = firstText(raw.access_token_reference_id) !== undefined;
		return owner === UNNAMED && isNamed ? undefined : owner;
	}

	/** Whether an event in the log of an account belongs, or may belong, to that account. */
	mayBelongTo({ id }: TriggerAccount, event: CobaltEvent): boolean {
		const owner = this.ownerOf(event);
		return owner === id || owner === UNNAMED;
	}

	/**
	 * The id of the account of a clinic.
	 *
	 * @param reference its `access_token_reference_id`; ignored in a credential for one clinic
	 * @returns {@link UNNAMED} if the credential has no such clinic
	 */
	idOf(reference?: string): string {
		const account = this.isMultiple
			? this.all.find(({ clinic }) => clinic === reference)
			: this.all[0];
		return account?.id ?? UNNAMED;
	}
}

/**
 * The accounts whose logs have to be read: all of them, or those of the filter for clinics.
 *
 * @throws CobaltApiError for a credential that cannot be used; NodeOperationError if the filter lets none through
 */
export async function accountsToRead(
	context: RequestContext,
	{ clinics }: Pick<TriggerSettings, 'clinics'>,
): Promise<TriggerAccounts> {
	const accounts = await accountsOf(context);
	if (!accounts.isMultiple || clinics === undefined) return accounts;
	const chosen = accounts.all.filter(({ clinic = '' }) => clinics.includes(clinic));
	if (chosen.length > 0) return new TriggerAccounts(chosen, true);
	throw new NodeOperationError(
		context.getNode(),
		"'Clinics' names none of the clinics in the Cobalt credential",
		{
			description:
				'Enter reference IDs exactly as they are in the credential, or remove the option to get the events of all its clinics.',
			failure: { cause: 'configuration-invalid' },
		},
	);
}

/** @throws CobaltApiError for a credential that cannot be used */
export async function accountsOf(context: RequestContext): Promise<TriggerAccounts> {
	const node = context.getNode();
	const clinics = clinicsIn(node, await resolveCredential(context, node));
	const all = clinics.map(({ clinic, credential }) => ({
		id: accountFingerprint(credential),
		credential,
		...(clinic !== undefined && { clinic, clinicId: clinicFingerprint(credential, clinic) }),
	}));
	return new TriggerAccounts(all, hasMultipleClinics(node));
}
