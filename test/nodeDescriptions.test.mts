import { describe, expect, it } from 'vitest';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { credentialTypes } from '../tools/n8n-host/n8n.mts';
import { properties, description, triggerProperties, trigger } from './nodeProperties.mts';

const shownFor = (property: INodeProperties, name: string, value: unknown) =>
	property.displayOptions?.show?.[name]?.includes(String(value)) ?? false;

describe('the Cobalt node', () => {
	const operationLists = properties.filter((property) => property.name === 'operation');
	const operations = operationLists.flatMap(
		(property) => (property.options ?? []) as INodePropertyOptions[],
	);

	it('the Cobalt node uses the credentials of this package', () => {
		expect(description?.credentials?.map((credential) => credential.name)).toEqual(
			Object.keys(credentialTypes),
		);
	});

	it('the Cobalt node has an action and a description for every operation', () => {
		expect(operations).not.toEqual([]);
		for (const { action, description: text, name: title } of operations) {
			expect(action, title).toMatch(/^[A-Z][a-z]+( [a-z]+)*$/);
			expect(action, title).not.toMatch(/\b(a|an|the)\b/i);
			expect(text, title).toBeTruthy();
			expect(text, title).not.toBe(title);
		}
	});

	it('no collection has two fields with the same label', () => {
		const collections = [...properties, ...triggerProperties].filter(
			({ type: kind }) => kind === 'collection',
		);
		expect(collections).not.toEqual([]);
		for (const { options = [], displayName } of collections) {
			const names = options.map((option) =>
				'displayName' in option ? option.displayName : option.name,
			);
			expect(new Set(names).size, displayName).toBe(names.length);
		}
	});

	it('the Cobalt node shows required fields first', () => {
		for (const list of operationLists) {
			const [resource] = list.displayOptions?.show?.resource ?? [];
			for (const { value } of (list.options ?? []) as INodePropertyOptions[]) {
				const needed = properties
					.filter(({ type }) => type !== 'notice')
					.filter((property) => shownFor(property, 'resource', resource))
					.filter((property) => shownFor(property, 'operation', value))
					// What is shown in some cases only is not marked: see required() in resources/field.ts.
					.filter(({ displayOptions }) => Object.keys(displayOptions?.show ?? {}).length === 2)
					.map((property) => property.required === true);
				expect(needed).toEqual([...needed].sort((a, b) => Number(b) - Number(a)));
			}
		}
	});

	it('no operation has two fields with the same name', () => {
		const places = properties.map((property) =>
			JSON.stringify([property.name, property.displayOptions?.show ?? {}]),
		);
		expect(new Set(places).size).toBe(places.length);
	});
});

describe('the trigger node', () => {
	it('the trigger uses the credentials for one clinic and for several', () => {
		expect(trigger?.credentials?.map((credential) => credential.name)).toEqual(
			Object.keys(credentialTypes),
		);
	});

	it('the trigger is not marked as polling, which would show poll times in both modes', () => {
		expect(trigger?.polling).toBeUndefined();
	});

	it('the trigger has poll times in every mode, as the engine demands', () => {
		const cases = [
			{ mode: 'polling' },
			{ mode: 'webhook', recoverMissedEvents: true },
			{ mode: 'webhook', recoverMissedEvents: false },
		];
		for (const values of cases) {
			const shown = triggerProperties
				.filter(({ name }) => name === 'pollTimes')
				.filter(({ displayOptions }) =>
					Object.entries(displayOptions?.show ?? {}).every(([name, allowed]) =>
						(allowed as unknown[]).includes((values as Record<string, unknown>)[name]),
					),
				);
			expect(shown).toHaveLength(1);
		}
	});

	it('the trigger describes every event type with its object', () => {
		const events = triggerProperties.find(({ name }) => name === 'events');
		const types = (events?.options ?? []) as INodePropertyOptions[];
		expect(types.length).toBeGreaterThan(20);
		for (const { name, value, description: text } of types) {
			expect(text, name).toBeTruthy();
			if (!['all', 'jobFinished', 'other'].includes(String(value))) {
				expect(name).toMatch(
					/^(Appointment|Document|EHR|Insurance|Live Fetch of|Note|Patient|Task) [A-Z]/,
				);
				expect(value).toMatch(/^[a-z_]+(\.[a-z_]+)+$/);
			}
		}
	});
});
