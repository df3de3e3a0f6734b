import { describe, expect, it } from 'vitest';
import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyMode,
	INodePropertyOptions,
} from 'n8n-workflow';

import { fieldsOf, methodOf } from '../nodes/Cobalt/declarations/operation.js';
import { resources } from '../nodes/Cobalt/resources/index.js';
import { properties, triggerProperties } from './nodeProperties.mts';

/** The properties inside a property. */
function innerOf({ type, options = [] }: INodeProperties): INodeProperties[] {
	if (type === 'collection') return options as INodeProperties[];
	if (type !== 'fixedCollection') return [];
	return (options as INodePropertyCollection[]).flatMap(({ values }) => values);
}

const withInner = (property: INodeProperties): INodeProperties[] => [
	property,
	...innerOf(property).flatMap(withInner),
];

const choicesOf = ({ type, options = [] }: INodeProperties): INodePropertyOptions[] =>
	type === 'options' || type === 'multiOptions' ? (options as INodePropertyOptions[]) : [];

/** What n8n's guidelines ask and its lint rules do not check. */
describe("the nodes' texts", () => {
	const all = [...properties, ...triggerProperties]
		// n8n's own, with its own texts.
		.map((property) => (property.name === 'pollTimes' ? { ...property, options: [] } : property))
		.flatMap(withInner);
	const ofType = (...types: string[]) => all.filter(({ type }) => types.includes(type));
	const modes: INodePropertyMode[] = all.flatMap((property) => property.modes ?? []);
	const choices = all.flatMap(choicesOf);
	// A notice has its text where others have their name.
	const named = all.filter(({ type }) => type !== 'notice');
	const labels = [...named, ...modes].map(({ displayName }) => displayName);
	const texts = [
		...[...all, ...choices].map((shown) => shown.description ?? ''),
		...[...all, ...modes].map(({ hint }) => hint ?? ''),
	];
	const not = (pattern: RegExp, found: Array<string | undefined>) =>
		found.filter((text = '') => !pattern.test(text));

	it('placeholders start with "e.g.", "Select" or "Add"', () => {
		const placeholders = ofType('string', 'number', 'dateTime', 'json').flatMap(
			({ placeholder }) => placeholder ?? [],
		);
		const ofModes = (isList: boolean) =>
			modes
				.filter(({ type }) => (type === 'list') === isList)
				.map(({ placeholder }) => placeholder);
		expect(placeholders).not.toEqual([]);
		expect(not(/^e\.g\. \S/, [...placeholders, ...ofModes(false)])).toEqual([]);
		expect(not(/^Select an? .*…$/, ofModes(true))).toEqual([]);
		const buttons = ofType('collection', 'fixedCollection').map(({ placeholder }) => placeholder);
		expect(not(/^Add \w+$/, buttons)).toEqual([]);
	});

	it('texts end with a period only if they have several sentences', () => {
		const wrong = texts.filter((text) => {
			const hasSeveral = /[.?!] \S/.test(text.replaceAll('e.g. ', ''));
			return text.endsWith('.') !== hasSeveral;
		});
		expect(wrong).toEqual([]);
		expect(texts.filter((text) => /^[a-z]|\s$|^\s| {2}/.test(text))).toEqual([]);
	});

	it('names are in title case', () => {
		const small = /^(a|an|and|as|at|but|by|for|if|in|of|on|or|per|the|to|via|vs|with)$/i;
		const isTitle = (text: string) =>
			text.split(' ').every((word, index, { length }) => {
				const isInside = index > 0 && index < length - 1;
				if (isInside && small.test(word)) return word === word.toLowerCase();
				return /^\(?[A-Z0-9]/.test(word);
			});
		const names = [...labels, ...choices.map(({ name }) => name)];
		expect(names.filter((text) => !isTitle(text))).toEqual([]);
		expect(labels.filter((text) => /error|problem|failure|mistake/i.test(text))).toEqual([]);
	});
});

describe("the Cobalt node's texts", () => {
	const operations = resources.flatMap((resource) =>
		resource.operations.map((operation) => ({
			...operation,
			title: `${resource.name}: ${operation.name}`,
			endpoint: `${methodOf(operation)} ${operation.path}`,
			all: fieldsOf(operation),
		})),
	);
	const allFields = operations.flatMap(({ all }) => all);

	/** Which of these operations do not say it. */
	const silent = (pattern: RegExp, wanted: (operation: (typeof operations)[number]) => boolean) => {
		const found = operations.filter(wanted);
		expect(found).not.toEqual([]);
		return found
			.filter((operation) => !pattern.test(operation.description))
			.map(({ title }) => title);
	};

	it('creating operations say that something is really created, sent or written', () => {
		const silentOnes = silent(
			/\breal\b|\bstays\b|patient's chart/i,
			({ kind, endpoint }) => kind === 'submission' && /^POST (?!.*\/fetch$)/.test(endpoint),
		);
		expect(silentOnes).toEqual([]);
	});

	it('updating operations say that something is changed in the EHR', () => {
		const silentOnes = silent(
			/\bin the EHR\b/,
			({ kind, endpoint }) => kind === 'submission' && endpoint.startsWith('PATCH '),
		);
		expect(silentOnes).toEqual([]);
	});

	it('cancelling and deleting operations say what is canceled or deleted', () => {
		const silentOnes = silent(
			/^(Cancel|Delete) /i,
			({ value, endpoint }) => value === 'cancel' || endpoint.startsWith('DELETE '),
		);
		expect(silentOnes).toEqual([]);
	});

	it.each([
		'POST /claims',
		'POST /referrals',
		'PATCH /patients/{patient_mrn}/insurances/{emr_insurance_id}',
		'POST /appointments/fetch',
		'POST /patients/fetch',
	])('the description of %s says that only one EHR has it', (endpoint) => {
		expect(silent(/\beClinicalWorks only\./, (one) => one.endpoint === endpoint)).toEqual([]);
	});

	it.each(['pcp_id', 'referring_provider_id', 'responsible_party', 'prevent_double_booking'])(
		'descriptions say which EHRs have the field %s',
		(wanted) => {
			const descriptions = allFields
				.filter(({ key }) => key === wanted)
				.map(({ property }) => property.description);
			expect(descriptions).not.toEqual([]);
			for (const text of descriptions) expect(text).toContain('eClinicalWorks');
		},
	);

	it.each(['structured', 'insurances'])('descriptions say which EHR has option %s', (wanted) => {
		const options = allFields.flatMap(({ property }) => choicesOf(property));
		const descriptions = options
			.filter(({ value }) => value === wanted)
			.map((option) => option.description);
		expect(descriptions).not.toEqual([]);
		for (const text of descriptions) expect(text).toContain('eClinicalWorks only');
	});

	it('the examples in placeholders are valid input', () => {
		const refused = allFields.filter(({ property, read }) => {
			const entered = property.modes?.filter(({ type }) => type !== 'list') ?? [property];
			return entered.some(({ placeholder }) => {
				if (placeholder === undefined) return false;
				try {
					return read(placeholder.replace('e.g. ', ''), { timezone: 'utc' }) === undefined;
				} catch {
					return true;
				}
			});
		});
		expect(refused.map(({ property }) => property.displayName)).toEqual([]);
	});
});
