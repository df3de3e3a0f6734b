import { InvalidValue } from '../fields/reader';
import { fieldsOf, type Operation } from '../resources/operation';
import { withoutEnvelope } from '../transport/envelope';
import { messageOf } from '../pacing/knownErrors';
import type { ItemInput } from './input';
import { invalidInput } from './parameters';
import type { Run } from './run';

const CONTEXT_KEY = 'cobaltRequiredFields';

/** What the settings said, kept for the further rounds of a loop. A retry is another execution. */
interface Remembered {
	executionId: string;
	keys: string[];
}

/** Which fields an account requires of an operation is in its settings: they are read once at most. */
export class RequiredFields {
	private keys?: Promise<string[]>;

	constructor(
		private readonly run: Run,
		private readonly operation: Operation,
	) {}

	/**
	 * @returns the same input
	 * @throws NodeOperationError that names the fields which are missing
	 */
	async check(input: ItemInput): Promise<ItemInput> {
		const { operation, run } = this;
		if (operation.kind !== 'submission' || !operation.requiredBySettings) return input;
		if (!input.checkRequiredFields) return input;
		this.keys ??= this.recall() ?? this.ask(operation.requiredBySettings);
		const keys = await this.keys;
		// A field that the node does not offer cannot be filled in: about that one Cobalt decides.
		const missing = fieldsOf(operation).filter(
			({ key }) => keys.includes(key) && input.values[key] === undefined,
		);
		if (missing.length === 0) return input;
		const [what, them] = missing.length === 1 ? ['is', 'it'] : ['are', 'them'];
		throw invalidInput(
			run.context,
			input.itemIndex,
			missing.map(({ property }) => property.displayName),
			new InvalidValue(
				`${what} empty, and your Cobalt account requires ${them}`,
				"Fill in what is named. To leave the decision to Cobalt, switch off 'Check Required Fields' under 'Options'.",
			),
		);
	}

	private recall(): Promise<string[]> | undefined {
		const { context } = this.run;
		const { executionId, keys } = (context.getContext('node')[CONTEXT_KEY] ??
			{}) as Partial<Remembered>;
		return executionId === context.getExecutionId() && keys ? Promise.resolve(keys) : undefined;
	}

	/** Settings that cannot be read stop nothing: Cobalt checks the fields itself. */
	private async ask(setting: string): Promise<string[]> {
		const { context, send } = this.run;
		try {
			const answer = await send({ method: 'GET', path: '/settings' });
			const { [setting]: required } = withoutEnvelope(answer);
			const keys = Array.isArray(required) ? required.map(String) : [];
			const remembered: Remembered = { executionId: context.getExecutionId(), keys };
			context.getContext('node')[CONTEXT_KEY] = remembered;
			return keys;
		} catch (error) {
			context.logger.debug(`Cobalt: the required fields are not known: ${messageOf(error)}`);
			return [];
		}
	}
}
