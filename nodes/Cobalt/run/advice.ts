import type { Operation } from '../declarations/operation';

/**
 * What happens after an item fails, which decides what the user can do next. Only a run that stops leaves a
 * failed execution, for which n8n offers *Retry*. An agent gets the text as the result of its tool call.
 */
export type AfterFailure = 'stops' | 'continues' | 'agent';

/** What the advice on an item depends on. */
export interface Situation {
	kind: Operation['kind'];
	afterFailure: AfterFailure;
}

/** What to do if it is unknown whether Cobalt accepted a submission. */
export function adviceOnUnknown(situation: Situation): string {
	const { again, otherwise } = UNKNOWN[situation.afterFailure];
	return `It was not sent again, so that nothing is done twice${again}. ${whereToLook(situation)} Only if it is not, ${otherwise}.`;
}

const UNKNOWN: Record<AfterFailure, { again: string; otherwise: string }> = {
	stops: {
		again: ', and a retry of this execution does not send it either',
		otherwise: 'start a new run for this item alone',
	},
	continues: { again: '', otherwise: 'submit this item in a new run' },
	agent: {
		again: ', and calling this tool again with the same data does not send it either',
		otherwise: 'submit it in a new execution',
	},
};

/** What to do about a job that has certainly failed. */
export function adviceOnFailedJob({ kind, afterFailure }: Situation): string {
	const isOver = 'Cobalt has confirmed that this job is over';
	return kind === 'jobLookUp'
		? `${isOver}: correct the data and submit it anew.`
		: `${isOver}: ${FAILED_JOB[afterFailure]}`;
}

const FAILED_JOB: Record<AfterFailure, string> = {
	stops:
		"'Retry' in the list of executions submits this item afresh. If the fault is in a field of the node, save it and use 'Retry with currently saved workflow'; if it is in the item, start a new run with this item alone.",
	continues: 'correct the data, and submit this item afresh in a new run.',
	agent: 'correct the data, and call this tool again.',
};

/** What to do about a job that has probably failed. */
export function adviceOnDoubtfulJob({ kind, afterFailure }: Situation): string {
	const hint = kind === 'jobLookUp' ? '' : DOUBTFUL_JOB[afterFailure];
	return `Look in the EHR before you submit it again${hint}.`;
}

const DOUBTFUL_JOB: Record<AfterFailure, string> = {
	stops: ': a retry of this execution does not',
	continues: '',
	agent: ': calling this tool again with the same data does not',
};

/** Where a person can see whether it was done. */
export function whereToLook({ kind }: Situation): string {
	return kind === 'change'
		? "Look at Cobalt whether it is done, with a 'Get' or 'Get Many' operation."
		: 'Look in the EHR whether it is there.';
}
