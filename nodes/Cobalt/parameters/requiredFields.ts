import { CobaltApiError } from '../../shared/http/cobaltApiError';
import { InvalidValueError } from '../../shared/parsers/parser';
import { fieldsOf, type Operation } from '../declarations/operation';
import type { Account } from '../run/account';
import type { Run } from '../run/run';
import type { AccountSettings } from './accountSettings';
import type { ItemInput } from './itemInput';
import { invalidInput } from './nodeParameters';

/** Checks the fields that an account requires of an operation. */
export class RequiredFields {
	constructor(
		private readonly run: Run,
		private readonly operation: Operation,
		private readonly settings: AccountSettings,
	) {}

	/**
	 * @returns the same input
	 * @throws NodeOperationError that names the missing fields
	 */
	async check(input: ItemInput): Promise<ItemInput> {
		const { operation, run } = this;
		if (operation.kind !== 'submission' || !operation.requiredBySettings) return input;
		if (!input.checkRequiredFields) return input;
		const keys = await this.requiredBy(input.account);
		// A field that the node does not offer cannot be filled in, so Cobalt has to check that one.
		const missing = fieldsOf(operation).filter(
			({ key }) => keys.includes(key) && input.values[key] === undefined,
		);
		if (missing.length === 0) return input;
		const areOrIs = missing.length === 1 ? 'is' : 'are';
		throw invalidInput(
			run.context,
			input.itemIndex,
			missing.map(({ property }) => property.displayName),
			new InvalidValueError(
				`${areOrIs} required by your Cobalt account`,
				"Fill in what is named. To skip this check, turn off 'Check Required Fields' under 'Options'.",
			),
		);
	}

	/** If the settings cannot be read, nothing is refused: Cobalt checks the fields itself. */
	private async requiredBy(account: Account): Promise<string[]> {
		try {
			return (await this.settings.of(account)).requiredPatientFields;
		} catch (error) {
			const { logger } = this.run.context;
			// Without Cobalt's own words.
			const status = error instanceof CobaltApiError ? error.httpCode : undefined;
			logger.debug(
				`Cobalt: the required fields could not be read, so Cobalt checks them (HTTP status: ${status ?? 'none'})`,
			);
			return [];
		}
	}
}
