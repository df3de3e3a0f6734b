import { NodeOperationError, type IDataObject, type INode } from 'n8n-workflow';

import type { EventSource } from '../shared/events/event';
import { canonicalName } from '../shared/normalize/normalize';
import { nothingSelected, outputKind, type Output } from '../shared/output/output';
import { toggle } from '../shared/parsers/boolean';
import { dateTime } from '../shared/parsers/dateTime';
import { eventType } from '../shared/parsers/eventType';
import { failedExpression, undefinedExpression } from '../shared/parsers/expression';
import { fieldName } from '../shared/parsers/fieldName';
import { code } from '../shared/parsers/id';
import { listOf } from '../shared/parsers/list';
import { wholeNumber } from '../shared/parsers/number';
import { InvalidValueError, isEmpty, type Parser } from '../shared/parsers/parser';
import { line, oneOf } from '../shared/parsers/text';

/** The choices under 'Trigger On' that are not event types. */
export const EVENT_CHOICE = { all: 'all', jobFinished: 'jobFinished', other: 'other' } as const;

const CHOICES: readonly string[] = Object.values(EVENT_CHOICE);

/** The largest *Max Events per Run*. */
export const MAX_EVENTS_PER_RUN = 10_000;

/** The checked parameters of the node. */
export interface TriggerSettings {
	mode: 'polling' | 'webhook';
	/** Event types, and the choice of finished jobs; undefined for all, including unknown types. */
	types?: string[];
	source: 'any' | Exclude<EventSource, 'account'>;
	/** `access_token_reference_id`s; undefined for all. */
	clinics?: string[];
	/** Names of fields, one of which must have changed; undefined for no such filter. */
	changedFields?: string[];
	output: Output;
	/** In milliseconds. */
	overlapMs: number;
	eventsPerRun: number;
	/** ISO 8601 with an offset. */
	startFrom?: string;
	/** As entered: an expression may return a different time at each poll. */
	startFromAsEntered: unknown;
	isRegisteredByHand: boolean;
	recoversMissed: boolean;
}

/** The part of n8n's contexts that is needed to read the settings. They have it in two forms. */
export interface SettingsSource {
	node: INode;
	timezone: string;
	/**
	 * Empty for a parameter that is not shown; undefined for an expression that returns nothing.
	 *
	 * @param asEntered whether to return an expression itself instead of its value
	 */
	parameter(name: string, asEntered?: boolean): unknown;
}

const minutesOfOverlap = wholeNumber(0, 24 * 60);

const DATE = /^\s*\d{4}-\d{2}-\d{2}\s*$/;

/** A date without a time means its start, which may be 1 AM where the clocks go forward at midnight. */
const timestamp: Parser<string> = (value, context) => {
	if (typeof value !== 'string' || !DATE.test(value)) return dateTime(value, context);
	const midnight = `${value.trim()} 00:00`;
	try {
		return dateTime(midnight, context);
	} catch {
		return dateTime(midnight.replace('00:00', '01:00'), context);
	}
};

/** A choice under 'Trigger On'; an expression may return any event type. */
const choiceOrType: Parser<string> = (value, context) => {
	const text = line(value, context);
	return text !== undefined && CHOICES.includes(text) ? text : eventType(text, context);
};

/** @throws NodeOperationError that names the field and says what to do */
export function readSettings({ node, timezone, parameter }: SettingsSource): TriggerSettings {
	const options = optionsIn(parameter('options', true));
	const read = <Value>(path: string, label: string, reader: Parser<Value>) => {
		try {
			return reader(evaluate(path), { timezone });
		} catch (error) {
			throw invalid(node, label, error);
		}
	};
	const option = <Value>(name: string, label: string, reader: Parser<Value>) =>
		Object.hasOwn(options, name) ? read(`options.${name}`, label, reader) : undefined;
	const mode = read('mode', 'Receive Events By', oneOf('polling', 'webhook')) ?? 'polling';
	const source = oneOf('any', 'ehr_staff', 'cobalt_operation');
	const registration = oneOf('automatic', 'manual');
	return {
		mode,
		types: typesOf(
			read('events', 'Trigger On', listOf(choiceOrType)) ?? [],
			read('otherEventTypes', 'Other Event Types', listOf(eventType)) ?? [],
			node,
		),
		source: read('source', 'Source', source) ?? 'any',
		clinics: filter('clinics', 'Clinics', code),
		changedFields: filter('changedFields', 'Changed Fields', fieldName),
		output: outputOf(read('output', 'Output', outputKind) ?? 'simplified'),
		overlapMs: (option('overlap', 'Overlap (Minutes)', minutesOfOverlap) ?? 10) * 60_000,
		eventsPerRun:
			option('eventsPerRun', 'Events per Run', wholeNumber(1, MAX_EVENTS_PER_RUN)) ?? 1_000,
		startFrom: option('startFrom', 'Start From', timestamp),
		startFromAsEntered: options.startFrom,
		isRegisteredByHand: read('registration', 'Webhook Registration', registration) === 'manual',
		recoversMissed: read('recoverMissedEvents', 'Recover Missed Events', toggle) ?? true,
	};

	function outputOf(kind: Output['kind']): Output {
		if (kind === 'idsOnly') return { kind, fields: [] };
		if (kind !== 'selectedFields') return { kind };
		const selected = read('outputFields', 'Fields to Output', listOf(fieldName));
		if (selected === undefined) throw invalid(node, 'Fields to Output', nothingSelected());
		return { kind, fields: ['event_type', ...selected.map(canonicalName)] };
	}

	function evaluate(path: string): unknown {
		let value: unknown;
		try {
			value = parameter(path);
		} catch (error) {
			throw failedExpression(error);
		}
		if (value === undefined) throw undefinedExpression();
		return value;
	}

	/** An added filter must not be empty: it would let either nothing or everything through. */
	function filter(name: string, label: string, reader: Parser<string>): string[] | undefined {
		if (!Object.hasOwn(options, name)) return undefined;
		const values = option(name, label, listOf(reader));
		if (values === undefined) {
			throw invalid(
				node,
				label,
				new InvalidValueError('is empty', 'Fill it in, or remove it from the options.'),
			);
		}
		return values;
	}
}

const optionsIn = (given: unknown): IDataObject => (isEmpty(given) ? {} : (given as IDataObject));

function typesOf(chosen: string[], entered: string[], node: INode): string[] | undefined {
	if (chosen.includes(EVENT_CHOICE.all)) return undefined;
	if (chosen.includes(EVENT_CHOICE.other) && entered.length === 0) {
		const nothing = new InvalidValueError(
			'is empty',
			'Enter an event type, such as claim.created.',
		);
		throw invalid(node, 'Other Event Types', nothing);
	}
	const types = chosen
		.filter((type) => type !== EVENT_CHOICE.other)
		.concat(chosen.includes(EVENT_CHOICE.other) ? entered : []);
	if (types.length === 0) {
		throw invalid(
			node,
			'Trigger On',
			new InvalidValueError('is empty', 'Select at least one event.'),
		);
	}
	return [...new Set(types)];
}

function invalid(node: INode, label: string, error: unknown): NodeOperationError {
	const { message, advice } =
		error instanceof InvalidValueError
			? error
			: new InvalidValueError('could not be evaluated', 'Check the expression in this field.');
	return new NodeOperationError(node, `'${label}' ${message}`, {
		description: advice,
		failure: { cause: 'configuration-invalid' },
	});
}
