import type { Context } from '../server/context.mts';
import { addEvent, type EventOptions } from './addEvent.mts';

/** What the events say of the account. */
interface AccountEventOptions extends EventOptions {
	/** Which instance of the EHR it is. */
	domain?: string;
}

/** What happens to an account's connection. Only the events: that requests are refused is a matter
 * of `settings.loginExpired`. */
export interface AccountEvents {
	/** @param occasion `errorType`: such as 'password_expired'. Not every such event has one. */
	loginExpires(occasion?: AccountEventOptions & { errorType?: string }): void;
	/** The fields of this one were cut off: it gets those that the other always has. */
	passwordChangeWarning(occasion?: AccountEventOptions): void;
}

/** Opens the account to its mishaps. */
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
