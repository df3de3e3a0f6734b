import {
	NodeOperationError,
	UserError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { CobaltApiError } from '../../shared/http/cobaltApiError';
import { createLimiter } from '../../shared/retry/concurrency';
import { subjectOf } from '../declarations/columns';
import { isGet } from '../declarations/operation';
import { AccountSettings } from '../parameters/accountSettings';
import { chosenOperation, type ChosenOperation } from '../parameters/chosenOperation';
import { mayBeIdsOnly } from '../parameters/chosenOutput';
import { EnteredParameters } from '../parameters/enteredParameters';
import { readInput, type ItemInput } from '../parameters/itemInput';
import { TimesWithoutOffset } from '../parameters/timesWithoutOffset';
import { RequiredFields } from '../parameters/requiredFields';
import { forAgent, isTool } from '../run/agent';
import { shownFailure, type ItemFailure, type ItemContext } from '../run/itemFailure';
import { reducedResult } from '../run/reducedResult';
import { readFailed, rejected } from '../run/requestFailures';
import type { Result } from '../run/result';
import { Run } from '../run/run';
import { unforeseen } from '../run/unforeseenFailure';
import type { OperationHandler } from './handler';
import { handlerOf } from './handlers';
import { addJobHints, addTimezoneHint, addValidationHint, throwFirstFailure } from './hints';
import { errorItem, outputItem } from './outputItems';
import { validate } from './validation';

/** An item that was read and checked, or why it cannot be sent. */
type CheckedInput =
	{ status: 'ready'; input: ItemInput } | { status: 'failed'; failure: ItemFailure };

/**
 * Runs the chosen operation for all items: reads and checks them all, then handles them concurrently.
 *
 * @returns output items in the order of the input items, each paired with its own
 * @throws NodeApiError or NodeOperationError of the first failed item, unless the node is set to continue
 */
export async function runOperation(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await runChosen(this).catch((error: unknown) => {
		// Otherwise n8n passes on the input items, as if they had succeeded.
		if (this.continueOnFail()) return everyItemFailed(this, error);
		throw isTool(this.getNode()) ? forAgent(error) : error;
	});
}

async function runChosen(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const chosen = chosenOperation(context);
	const run = new Run(context);
	try {
		return await handleAll(run, chosen);
	} finally {
		// Otherwise listeners keep the run and its items in memory.
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
	const isHidden = mayBeIdsOnly(new EnteredParameters(context));
	return context.getInputData().map(({ json }, itemIndex) => {
		const shown = shownFailure(failureOf(itemIndex), isHidden, json);
		return errorItem(shown, itemIndex, node.onError);
	});
}

async function handleAll(run: Run, chosen: ChosenOperation): Promise<INodeExecutionData[]> {
	const checked = await readInputs(run, chosen);
	const ready = checked.flatMap((one) => (one.status === 'ready' ? [one.input] : []));
	for (const account of new Set(ready.map((item) => item.account))) {
		const own = ready.filter((item) => item.account === account);
		account.limit = createLimiter(
			own.reduce((min, item) => Math.min(min, item.concurrency), Infinity),
		);
	}
	const handler = handlerOf(run, chosen.operation);
	await handler.prepare?.(ready.filter(({ validatesOnly }) => !validatesOnly));
	const results = await Promise.all(
		checked.map(async (one) => await finish(run, chosen, handler, one)),
	);
	if (!run.continueOnFail) throwFirstFailure(run, results);
	addJobHints(run, results);
	addTimezoneHint(run, results);
	addValidationHint(run, results);
	handler.report?.();
	const clinics = checked.map((one) =>
		one.status === 'ready' ? one.input.account.clinic : undefined,
	);
	return results.flatMap((result, itemIndex) =>
		result.status === 'succeeded'
			? result.outputs.map((output) => outputItem(output, itemIndex, clinics[itemIndex]))
			: errorItem(result.failure, itemIndex, run.node.onError),
	);
}

/**
 * Reads one item after the other, so that the error is about the first one that cannot be sent.
 *
 * @throws NodeOperationError or NodeApiError for bad input or a credential that cannot be used, unless the
 *   node is set to continue
 */
async function readInputs(run: Run, chosen: ChosenOperation): Promise<CheckedInput[]> {
	const settings = new AccountSettings(run);
	const required = new RequiredFields(run, chosen.operation, settings);
	const shared = {
		entered: new EnteredParameters(run.context),
		timesWithoutOffset: new TimesWithoutOffset(run, chosen.operation, settings),
	};
	const isCheckedLater = 'findsFirst' in chosen.operation;
	const checked: CheckedInput[] = [];
	const isHidden = mayBeIdsOnly(shared.entered);
	for (const [itemIndex, { json }] of run.items.entries()) {
		const one = await readInput(run.context, chosen, shared, itemIndex)
			.then(async (read) => ({ ...read, account: await run.accountOf(read) }))
			.then(async (read) => (isCheckedLater ? read : await required.check(read)))
			.then((input): CheckedInput => ({ status: 'ready', input }))
			.catch((error: unknown): CheckedInput => {
				const failure = notSent(run, chosen, itemIndex, error);
				return { status: 'failed', failure: shownFailure(failure, isHidden, json) };
			});
		if (one.status === 'failed' && !run.continueOnFail) throw one.failure.error;
		checked.push(one);
	}
	return checked;
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
		const itemContext = itemContextOf(run, chosen, { itemIndex, title: chosen.title });
		return isGet(operation) ? readFailed(itemContext, thrown) : rejected(itemContext, thrown);
	}
	const error =
		thrown instanceof NodeOperationError
			? thrown
			: new NodeOperationError(node, thrown as Error, { itemIndex });
	const { description } = error;
	const jobStatus = isGet(operation) ? {} : { job_status: 'not_submitted' };
	return { error, details: { description, ...jobStatus } };
}

/** Handles one item. Never throws, because the results of the other items would be lost. */
async function finish(
	run: Run,
	chosen: ChosenOperation,
	handler: OperationHandler,
	checked: CheckedInput,
): Promise<Result> {
	const result =
		checked.status === 'failed' ? checked : await handleReady(run, chosen, handler, checked.input);
	// The jobs of other items continue in the EHR, and a retry finds them in the store.
	if (result.status === 'failed' && !run.continueOnFail) run.stop();
	return result;
}

/** Handles an item, and reduces its result to what the user chose to output. */
async function handleReady(
	run: Run,
	chosen: ChosenOperation,
	handler: OperationHandler,
	input: ItemInput,
): Promise<Result> {
	const result = await handleItem(run, chosen, handler, input);
	return reducedResult(result, input.output, run.items[input.itemIndex]?.json ?? {});
}

async function handleItem(
	run: Run,
	chosen: ChosenOperation,
	handler: OperationHandler,
	input: ItemInput,
): Promise<Result> {
	const itemContext = itemContextOf(run, chosen, input);
	const result = input.validatesOnly
		? (handler.validate?.(input, itemContext) ?? validate(chosen.operation, input, itemContext))
		: handler.handle(input, itemContext);
	return await result.catch((error: unknown) => ({
		status: 'failed',
		failure: unforeseen(itemContext, error),
	}));
}

const itemContextOf = (
	{ node, afterFailure, cancelled }: Run,
	{ operation }: ChosenOperation,
	{ itemIndex, title, clinic, values, output }: AboutItem,
): ItemContext => ({
	node,
	itemIndex,
	title,
	kind: operation.kind,
	clinic,
	afterFailure,
	...(operation.kind === 'submission' && values && { subject: subjectOf(operation, values) }),
	isIdsOnly: output?.kind === 'idsOnly',
	ids: {},
	cancelled,
});

/** What is known about an item: without its values if it could not be read. */
type AboutItem = Pick<ItemInput, 'itemIndex' | 'title' | 'clinic'> &
	Partial<Pick<ItemInput, 'values' | 'output'>>;
