import { ExpressionParser, type IExecuteFunctions } from 'n8n-workflow';

import { isObject } from '../../shared/json';

/** The node's parameters as they were entered, not evaluated: the same for all items of a run. */
export class EnteredParameters {
	private readonly values = new Map<string, unknown>();

	private readonly haveExpression = new Map<string, boolean>();

	private readonly expressions = new Map<string, string[]>();

	constructor(private readonly context: IExecuteFunctions) {}

	/** @returns empty text for a parameter that is not shown */
	value(path: string): unknown {
		return remembered(this.values, path, () =>
			this.context.getNodeParameter(path, 0, '', { rawExpressions: true }),
		);
	}

	/** Names of the fields that the user added to a collection. */
	added(collection: string): string[] {
		const entered = this.value(collection);
		return isObject(entered) ? Object.keys(entered) : [];
	}

	/** Whether a parameter, or anything in it, may differ from item to item. */
	hasExpression(path: string): boolean {
		return remembered(this.haveExpression, path, () => holdsExpression(this.value(path)));
	}

	/**
	 * The expressions in a text that has several parts, so that each can be evaluated by itself.
	 *
	 * @param template without the equals sign in front
	 */
	expressionsIn(template: string): string[] {
		return remembered(this.expressions, template, () => {
			const parts = ExpressionParser.splitExpression(template).filter(
				({ type, text }) => type === 'code' || text !== '',
			);
			if (parts.length < 2) return [];
			return parts
				.filter(({ type }) => type === 'code')
				.map((part) => ExpressionParser.joinExpression([part]));
		});
	}
}

function holdsExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	return isObject(value) || Array.isArray(value)
		? Object.values(value).some(holdsExpression)
		: false;
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, find: () => Value): Value {
	if (known.has(key)) return known.get(key) as Value;
	const found = find();
	known.set(key, found);
	return found;
}
