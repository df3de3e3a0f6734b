import {
	NodeOperationError,
	UserError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { CobaltApiError } from '../../shared/http/cobaltApiError';
import { createLimiter } from '../../shared/retry/concurrency';
import { messageOf } from '../../shared/retry/errors';
import { chosenOperation, type ChosenOperation } from '../parameters/chosenOperation';
import { readInput, type ItemInput } from '../parameters/itemInput';
import { RequiredFields } from '../parameters/requiredFields';
import {
	readFailed,
	outcomeUnknown,
	rejected,
	type ItemFailure,
	type ItemContext,
} from '../run/failures';
import type { Result } from '../run/result';
import { Run } from '../run/run';
import type { OperationHandler } from './handler';
import { handlerOf } from './handlers';
import { addJobHints, throwFirstFailure } from './hints';
import { errorItem, goodItem } from './items';

/**
 * Runs the chosen operation for all items: reads and checks them all, then performs them side by side.
 * What an item gives out comes in the order of the items, and is paired with its item.
 *
 * @throws NodeApiError or NodeOperationError of the first item that did not come to a good end, unless
 *   the node is set to continue
 */
export async function runOperation(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const outputs = performChosen(this);
	if (!this.continueOnFail()) return await outputs;
	// n8n would hand on the items that came in, as if all had gone well.
	return await outputs.catch((error: unknown) => everyItemFailed(this, error));
}

async function performChosen(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const chosen = chosenOperation(context);
	const run = new Run(context);
	try {
		return await performAll(run, chosen);
	} finally {
		// Whoever still listens to the run would keep it, and its items, in memory.
		run.stop();
	}
}

function everyItemFailed(context: IExecuteFunctions, error: unknown): INodeExecutionData[] {
	const node = context.getNode();
	const failureOf = (itemIndex: number): ItemFailure => {
		if (error instanceof UserError) {
			const notChosen = new NodeOperationError(node, error, { itemIndex });
			return { error: notChosen, details: { job_status: 'not_submitted' } };
		}
		const { operation, title } = chosenOperation(context);
		const afterFailure = 'continues';
		return unforeseen(
			{ node, itemIndex, title, kind: operation.kind, afterFailure, ids: {} },
			error,
		);
	};
	const items = [...context.getInputData().keys()];
	return items.map((itemIndex) => errorItem(failureOf(itemIndex), itemIndex, node.onError));
}

async function performAll(run: Run, chosen: ChosenOperation): Promise<INodeExecutionData[]> {
	const inputs = await readInputs(run, chosen);
	const ready = inputs.filter(isReady);
	for (const account of new Set(ready.map((item) => item.account))) {
		const own = ready.filter((item) => item.account === account);
		account.limit = createLimiter(
			own.reduce((least, item) => Math.min(least, item.concurrency), Infinity),
		);
	}
	const performer = handlerOf(run, chosen.operation);
	await performer.prepare?.(ready);
	const results = await Promise.all(
		inputs.map(async (input) => await finish(run, chosen, performer, input)),
	);
	if (!run.continueOnFail) throwFirstFailure(run, results);
	addJobHints(run, results);
	performer.report?.();
	return results.flatMap((result, itemIndex) =>
		result.state === 'good'
			? result.outputs.map((output) => goodItem(output, itemIndex))
			: errorItem(result.failure, itemIndex, run.node.onError),
	);
}

/**
 * One item after the other, so that the first one that cannot be sent is the one that is told of.
 *
 * @throws NodeOperationError or NodeApiError for bad input or a credential that cannot be used, unless the
 *   node is set to continue
 */
async function readInputs(
	run: Run,
	chosen: ChosenOperation,
): Promise<Array<ItemInput | ItemFailure>> {
	const required = new RequiredFields(run, chosen.operation);
	const inputs: Array<ItemInput | ItemFailure> = [];
	for (const itemIndex of run.items.keys()) {
		const input = await readInput(run.context, chosen, itemIndex)
			.then(async (read) => ({ ...read, account: await run.accountOf(itemIndex) }))
			.then(async (read) => await required.check(read))
			.catch((error: unknown) => notSent(run, chosen, itemIndex, error));
		if (isFailure(input) && !run.continueOnFail) throw input.error;
		inputs.push(input);
	}
	return inputs;
}

function notSent(
	run: Run,
	chosen: ChosenOperation,
	itemIndex: number,
	thrown: unknown,
): ItemFailure {
	const { node } = run;
	const { operation } = chosen;
	if (thrown instanceof CobaltApiError) {
		const place = placeOf(run, chosen, { itemIndex, title: chosen.title });
		return 'method' in operation ? rejected(place, thrown) : readFailed(place, thrown);
	}
	const error =
		thrown instanceof NodeOperationError
			? thrown
			: new NodeOperationError(node, thrown as Error, { itemIndex });
	const { description } = error;
	const isWrite = 'method' in operation;
	return { error, details: { description, ...(isWrite && { job_status: 'not_submitted' }) } };
}

/** Brings one item to its end. Never throws: its neighbours would be lost with it. */
async function finish(
	run: Run,
	chosen: ChosenOperation,
	performer: OperationHandler,
	input: ItemInput | ItemFailure,
): Promise<Result> {
	const result = isFailure(input)
		? ({ state: 'bad', failure: input } as const)
		: await perform(run, chosen, performer, input);
	// The neighbours' jobs go on in the EHR, and a retry finds them in the store.
	if (result.state === 'bad' && !run.continueOnFail) run.stop();
	return result;
}

async function perform(
	run: Run,
	chosen: ChosenOperation,
	performer: OperationHandler,
	input: ItemInput,
): Promise<Result> {
	const place = placeOf(run, chosen, input);
	return await performer
		.handle(input, place)
		.catch((error: unknown) => ({ state: 'bad', failure: unforeseen(place, error) }));
}

/** For what goes wrong in the node itself, and not in what an item holds. */
function unforeseen(place: ItemContext, error: unknown): ItemFailure {
	const isWrite = place.kind === 'submission' || place.kind === 'change';
	return isWrite ? outcomeUnknown(place, messageOf(error), { error }) : readFailed(place, error);
}

const placeOf = (
	{ node, afterFailure, cancelled }: Run,
	{ operation: { kind } }: ChosenOperation,
	{ itemIndex, title }: Pick<ItemInput, 'itemIndex' | 'title'>,
): ItemContext => ({ node, itemIndex, title, kind, afterFailure, ids: {}, cancelled });

const isFailure = (input: ItemInput | ItemFailure): input is ItemFailure => 'error' in input;

const isReady = (input: ItemInput | ItemFailure): input is ItemInput => !isFailure(input);
