import type { IExecuteFunctions } from 'n8n-workflow';

import { toggle } from '../../shared/parsers/boolean';
import { InvalidValueError } from '../../shared/parsers/parser';
import type { Field } from '../declarations/field';
import {
	collectionsOf,
	fieldsOf,
	type Operation,
	type OptionalFields,
} from '../declarations/operation';
import type { Values } from '../declarations/rules';
import { attachmentOf } from './attachments';
import type { EnteredParameters } from './enteredParameters';
import type { Parameters } from './nodeParameters';

/**
 * Reads the fields of an operation for one item.
 *
 * @returns their values, by Cobalt's names
 * @throws NodeOperationError that names the field and the item, for a value that cannot be sent
 */
export async function readValues(
	context: IExecuteFunctions,
	operation: Operation,
	item: ItemToRead,
): Promise<Values> {
	return await new ValueReader(context, operation, item).read();
}

/** Where the values of one item come from. */
interface ItemToRead {
	entered: EnteredParameters;
	parameters: Parameters;
	itemIndex: number;
}

class ValueReader {
	/** All fields of the operation, including optional ones. */
	private readonly fields: Field[];

	private readonly values: Record<string, unknown> = {};

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly operation: Operation,
		private readonly item: ItemToRead,
	) {
		this.fields = fieldsOf(operation);
	}

	async read(): Promise<Values> {
		await this.readFields(this.operation.fields);
		for (const collection of collectionsOf(this.operation)) await this.readOptional(collection);
		this.checkRules();
		return this.values;
	}

	private async readFields(fields: Field[]): Promise<void> {
		for (const field of fields) {
			if (this.isShown(field)) this.keep(field, await this.readField(field, field.property.name));
		}
	}

	private async readOptional(optional: OptionalFields): Promise<void> {
		const before = Object.keys(this.values).length;
		const names = this.item.entered.added(optional.name);
		const added = optional.fields.filter(({ property }) => names.includes(property.name));
		for (const field of added) {
			if (this.isShown(field)) {
				this.keep(field, await this.readField(field, pathOf(optional, field)));
			}
		}
		if (optional.neverEmpty) this.checkFilters(optional, added);
		if (optional.atLeastOne && Object.keys(this.values).length === before) {
			const nothing = new InvalidValueError('is empty', 'Add at least one field and fill it in.');
			throw this.item.parameters.invalid(optional.displayName, nothing);
		}
	}

	private keep({ key }: Field, value: unknown): void {
		if (value !== undefined) this.values[key] = value;
	}

	/**
	 * An empty filter lets everything through, so the search would find the wrong people. Only an agent may
	 * leave a filter empty, since it knows what it searched for, as long as another filter narrows the search.
	 */
	private checkFilters(filters: OptionalFields, added: Field[]): void {
		const empty = added.filter((field) => this.isEmptyFilter(filters, field));
		const notByAgent = empty.find(
			(field) => !this.item.parameters.isLeftToAgent(pathOf(filters, field)),
		);
		if (notByAgent) {
			throw this.item.parameters.invalid(
				notByAgent.property.displayName,
				new InvalidValueError(
					'is empty, which would return all records',
					'Fill it in, or remove the filter. If it is an expression, check its value for this item.',
				),
			);
		}
		const isNarrow = this.fields.some((field) => field.key in this.values && !isSwitch(field));
		if (empty.length > 0 && !isNarrow) {
			throw this.item.parameters.invalid(
				filters.displayName,
				new InvalidValueError(
					'are all empty, which would return all records',
					'Fill in at least one of them.',
				),
			);
		}
	}

	/** A switch that is off may send nothing, but is not empty. */
	private isEmptyFilter(filters: OptionalFields, field: Field): boolean {
		if (!isSwitch(field)) return this.values[field.key] === undefined;
		const path = pathOf(filters, field);
		return this.item.parameters.read(path, field.property.displayName, toggle) === undefined;
	}

	/** Compares parsed values, which may be written differently from n8n's options. */
	private isShown({ property }: Field): boolean {
		return Object.entries(property.displayOptions?.show ?? {}).every(([name, allowed]) => {
			const steering = this.fields.find((field) => field.property.name === name);
			return (allowed as unknown[]).includes(this.values[steering?.key ?? '']);
		});
	}

	private async readField(field: Field, path: string): Promise<unknown> {
		const { property, read, file, isRequired } = field;
		const { displayName: label } = property;
		const value = this.item.parameters.read(path, label, (entered, context) => {
			const value = read(entered, context);
			if (value !== undefined || !isRequired) return value;
			throw new InvalidValueError(
				'is empty',
				'Fill it in. If it is an expression, check its value for this item.',
			);
		});
		if (file === undefined || value === undefined) return value;
		const files = await Promise.all(
			[value].flat().map(async (source) => await this.attachment(label, source)),
		);
		return file === 'one' ? files[0] : files;
	}

	private async attachment(label: string, source: unknown) {
		return await attachmentOf(this.context, this.item.itemIndex, source).catch((error: unknown) => {
			throw this.item.parameters.invalid(label, error);
		});
	}

	private checkRules(): void {
		for (const rule of this.operation.rules ?? []) {
			const breach = rule(this.values, this.labelOf);
			if (breach) throw this.item.parameters.invalid(this.labelOf(breach.key), breach.finding);
		}
	}

	/** Label of a field in n8n. */
	private readonly labelOf = (key: string): string =>
		this.fields.find((field) => field.key === key)?.property.displayName ?? key;
}

const pathOf = ({ name }: OptionalFields, { property }: Field): string =>
	`${name}.${property.name}`;

const isSwitch = ({ property }: Field): boolean => property.type === 'boolean';
