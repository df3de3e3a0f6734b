import { unwrap } from '../../shared/http/unwrapResponse';
import { InvalidValueError } from '../../shared/parsers/parser';
import { messageOf } from '../../shared/retry/errors';
import { fieldsOf, type Operation } from '../declarations/operation';
import type { Account } from '../run/account';
import type { Run } from '../run/run';
import type { ItemInput } from './itemInput';
import { invalidInput } from './nodeParameters';

const CONTEXT_KEY = 'cobaltRequiredFields';

/** The settings' answers, kept for later runs of this execution (loops). A retry is another execution. */
interface Remembered {
	executionId: string;
	/** By account. */
	keys: Record<string, string[]>;
}

/** Checks the fields that an account requires of an operation. Its settings are read at most once. */
export class RequiredFields {
	private readonly keys = new Map<Account, Promise<string[]>>();

	constructor(
		private readonly run: Run,
		private readonly operation: Operation,
	) {}

	/**
	 * @returns the same input
	 * @throws NodeOperationError that names the missing fields
	 */
	async check(input: ItemInput): Promise<ItemInput> {
		const { operation, run } = this;
		if (operation.kind !== 'submission' || !operation.requiredBySettings) return input;
		if (!input.checkRequiredFields) return input;
		const { account } = input;
		const asked = this.keys.get(account) ?? this.find(account, operation.requiredBySettings);
		this.keys.set(account, asked);
		const keys = await asked;
		// A field that the node does not offer cannot be filled in, so Cobalt has to check that one.
		const missing = fieldsOf(operation).filter(
			({ key }) => keys.includes(key) && input.values[key] === undefined,
		);
		if (missing.length === 0) return input;
		const [what, them] = missing.length === 1 ? ['is', 'it'] : ['are', 'them'];
		throw invalidInput(
			run.context,
			input.itemIndex,
			missing.map(({ property }) => property.displayName),
			new InvalidValueError(
				`${what} empty, and your Cobalt account requires ${them}`,
				"Fill in what is named. To leave the decision to Cobalt, switch off 'Check Required Fields' under 'Options'.",
			),
		);
	}

	/** If the settings cannot be read, nothing is refused: Cobalt checks the fields itself. */
	private async find({ fingerprint, send }: Account, setting: string): Promise<string[]> {
		const { context } = this.run;
		const remembered = this.remembered();
		const known = remembered.keys[fingerprint];
		if (known) return known;
		try {
			const response = await send({ method: 'GET', path: '/settings' });
			const { [setting]: required } = unwrap(response);
			const keys = Array.isArray(required) ? required.map(String) : [];
			remembered.keys[fingerprint] = keys;
			return keys;
		} catch (error) {
			context.logger.debug(`Cobalt: the required fields are not known: ${messageOf(error)}`);
			return [];
		}
	}

	/** The required fields by account, as known in this execution; to be added to. */
	private remembered(): Remembered {
		const { context } = this.run;
		const executionId = context.getExecutionId();
		const kept = context.getContext('node')[CONTEXT_KEY] as Remembered | undefined;
		if (kept?.executionId === executionId) return kept;
		const anew: Remembered = { executionId, keys: {} };
		context.getContext('node')[CONTEXT_KEY] = anew;
		return anew;
	}
}
