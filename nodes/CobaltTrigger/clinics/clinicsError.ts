import { NodeApiError, type ExecutionBaseError, type INode } from 'n8n-workflow';

/** How many clinics are named in a message. */
const MAX_NAMED = 10;

/** Why something could not be read from an account. */
export interface AccountFailure {
	/** The reference ID, in a credential with several clinics. */
	clinic?: string;
	error: ExecutionBaseError;
}

/**
 * The error itself if there is one account or all failed in the same way; otherwise one error that names the
 * clinics.
 */
export function clinicsError(
	node: INode,
	failures: readonly AccountFailure[],
	isPartial: boolean,
): ExecutionBaseError {
	const byMessage = new Map<string, AccountFailure[]>();
	for (const failure of failures) {
		const { message } = failure.error;
		byMessage.set(message, [...(byMessage.get(message) ?? []), failure]);
	}
	const [first] = failures;
	if (first && !isPartial && byMessage.size === 1) return first.error;
	const findings = [...byMessage].map(([message, those]) => `${namesOf(those)}: ${message}`);
	const advice = [...byMessage.values()].map(([one]) => one?.error.description ?? '');
	const description = [...new Set(advice), isPartial ? 'All other clinics were read.' : ''];
	return new NodeApiError(
		node,
		{},
		{ message: findings.join('. '), description: description.filter(Boolean).join(' ') },
	);
}

function namesOf(failures: readonly AccountFailure[]): string {
	const names = failures.slice(0, MAX_NAMED).map(({ clinic }) => clinic ?? '');
	const more = failures.length - names.length;
	const label = failures.length === 1 ? 'Clinic' : 'Clinics';
	return `${label} ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
