import type { Operation } from '../declarations/operation';

/**
 * What happens after an item fails, which decides what the user can do next. Only a run that stops leaves a
 * failed execution, for which n8n offers *Retry*, even if it was started in the editor. An agent gets the
 * text as the result of its tool call.
 */
export type AfterFailure = 'stops' | 'continues' | 'agent';

/** What the advice on an item depends on. */
export interface Situation {
	kind: Operation['kind'];
	afterFailure: AfterFailure;
}

/** What to do if it is unknown whether Cobalt accepted a submission. */
export function adviceOnUnknown(situation: Situation): string {
	return `${whereToLook(situation)} ${UNKNOWN[situation.afterFailure]}`;
}

const UNKNOWN: Record<AfterFailure, string> = {
	stops:
		"Only if it is not, run the workflow again with this item only. To prevent duplicates, it was not submitted again, and 'Retry' does not submit it either.",
	continues:
		'Only if it is not, submit this item again in a new execution. To prevent duplicates, it was not submitted again.',
	agent:
		'Only if it is not, submit it in a new execution. To prevent duplicates, it was not submitted again, and calling this tool again with the same data does not submit it either.',
};

/** What to do about a job that has certainly failed. */
export function adviceOnFailedJob({ kind, afterFailure }: Situation): string {
	return kind === 'jobLookUp' ? 'Correct the data and submit it again.' : FAILED_JOB[afterFailure];
}

const FAILED_JOB: Record<AfterFailure, string> = {
	stops:
		"Correct the data and submit it again. If a field of this node is wrong, save it and use 'Retry with currently saved workflow' in the 'Executions' tab. If the item is wrong, run the workflow again with this item only. 'Retry' submits no item again that has not failed.",
	continues: 'Correct the data and submit this item again in a new execution.',
	agent: 'Correct the data and call this tool again.',
};

/** What to do about a job that has probably failed. */
export function adviceOnDoubtfulJob({ kind, afterFailure }: Situation): string {
	const hint = kind === 'jobLookUp' ? '' : DOUBTFUL_JOB[afterFailure];
	return `Check the EHR before you submit it again${hint}.`;
}

const DOUBTFUL_JOB: Record<AfterFailure, string> = {
	stops: ": 'Retry' does not",
	continues: '',
	agent: ': calling this tool again with the same data does not',
};

/** Tells the user where to check whether a submission was carried out. */
export function whereToLook({ kind }: Situation): string {
	return kind === 'change'
		? "Check with a 'Get' or 'Get Many' operation whether the change is there."
		: 'Check the EHR to see whether it is there.';
}
