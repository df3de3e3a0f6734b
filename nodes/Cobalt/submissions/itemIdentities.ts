import { methodOf, type Mutation, type Submission } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import type { Run } from '../run/run';
import type { Candidate } from './candidateNames';
import { fingerprint } from './fingerprint';
import type { Identity } from './identity';

/**
 * The identities of all items of a run, by index. Items that cannot be sent now are included, because an
 * earlier try may have submitted them.
 *
 * @param inputs the items that can be sent
 */
export function identitiesOf(
	{ context, isTool, items }: Run,
	operation: Submission | Mutation,
	inputs: readonly ItemInput[],
): Identity[] {
	const ready = new Map(inputs.map((input) => [input.itemIndex, input]));
	return items.map(({ json }, index) => {
		const input = ready.get(index);
		return {
			index,
			item: fingerprint(json),
			operation: `${methodOf(operation)} ${operation.path}`,
			...(input && {
				request: identityOf(operation, input),
				account: input.account.fingerprint,
				subject: subjectOf(operation, input),
			}),
			...(isTool && { execution: context.getExecutionId() }),
		};
	});
}

/**
 * The names under which other executions may know the items of a run, by index. Equal items get different
 * names.
 *
 * @param keyOf the key of an item's entry in the store
 */
export function candidatesOf(
	isTool: boolean,
	identities: readonly Identity[],
	inputs: readonly ItemInput[],
	keyOf: (input: ItemInput) => string,
): Map<number, Candidate> {
	const counts = new Map<string, number>();
	const numbered = (name: string) => {
		const count = counts.get(name) ?? 0;
		counts.set(name, count + 1);
		return `${name} ${count}`;
	};
	// An agent may phrase the same request differently; its subject stays the same.
	const names = identities.map(({ item, request, subject = request }) =>
		numbered(isTool ? `call ${subject}` : `item ${item}`),
	);
	const candidates = inputs.map((input): [number, Candidate] => {
		const { account, item, request, subject } = identities[input.itemIndex] ?? {};
		const looseNames = [`item ${item}`, `request ${request}`];
		if (subject !== undefined) looseNames.push(`subject ${subject}`);
		return [
			input.itemIndex,
			{
				key: keyOf(input),
				name: names[input.itemIndex] ?? '',
				account: input.account.fingerprint,
				looseNames: looseNames.map((name) => numbered(`${name} ${account}`)),
				resubmitsForgotten: input.resubmitsUntracked,
			},
		];
	});
	return new Map(candidates);
}

/**
 * The index of the node's run to which its submissions belong. n8n gives an agent's tool a new run index even
 * if it only repeats a call, so all calls of an agent share one run: an agent that requests the same booking
 * twice gets the first one.
 */
export function runIndexOf({ context, isTool }: Run): number {
	return isTool ? 0 : (context.getWorkflowDataProxy(0).$runIndex as number);
}

/** A fingerprint of the request, or of the record if different requests may be about the same one. */
function identityOf(operation: Submission | Mutation, { request, values }: ItemInput): string {
	const findsFirst = findsFirstOf(operation);
	return fingerprint(findsFirst ? [request.path, findsFirst.identityOf(values)] : request);
}

/** For a record that is created: a fingerprint of the required fields. */
function subjectOf(
	operation: Submission | Mutation,
	{ request: { method, path }, values }: ItemInput,
): string | undefined {
	const findsFirst = findsFirstOf(operation);
	if (findsFirst) return fingerprint([path, findsFirst.subjectOf(values)]);
	const required = operation.fields.filter(({ isRequired }) => isRequired);
	return method === 'POST' && required.length > 0
		? fingerprint([path, required.map(({ key }) => values[key])])
		: undefined;
}

const findsFirstOf = (operation: Submission | Mutation) =>
	operation.kind === 'submission' ? operation.findsFirst : undefined;
