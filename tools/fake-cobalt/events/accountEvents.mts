import type { Context } from '../server/context.mts';
import { addEvent, type EventOptions } from './addEvent.mts';

/** Options of one account event. */
interface AccountEventOptions extends EventOptions {
	/** The domain of the EHR instance. */
	domain?: string;
}

/** Adds events about an account's connection. They change nothing: to refuse requests as well, set
 * `settings.loginExpired`. */
export interface AccountEvents {
	/** @param occasion `errorType`: such as 'password_expired'. Not every such event has one. */
	loginExpires(occasion?: AccountEventOptions & { errorType?: string }): void;
	/** Its fields were cut off in the documents: it gets the ones that the other event always has. */
	passwordChangeWarning(occasion?: AccountEventOptions): void;
}

/** Creates the account events of one clinic. */
export function createAccountEvents({ ehr, log, ehrWorker }: Context): AccountEvents {
	const tellOf = (
		name: string,
		message: string,
		occasion: AccountEventOptions,
		more: object = {},
	) => {
		ehrWorker.finishDueJobs();
		const { domain = 'ehr.example.com', ...notice } = occasion;
		const data = {
			access_token_reference_id: notice.reference ?? ehr.settings.access_token_reference_id,
			emr_instance_domain: domain,
			message,
			...more,
		};
		addEvent(log, `access_token.${name}`, data, notice);
	};
	return {
		loginExpires({ errorType, ...occasion } = {}) {
			const more = errorType === undefined ? {} : { error_type: errorType };
			tellOf('login_required', 'The EHR login has expired.', occasion, more);
		},
		passwordChangeWarning(occasion = {}) {
			tellOf('password_change_warning', 'The EHR password has to be changed soon.', occasion);
		},
	};
}
