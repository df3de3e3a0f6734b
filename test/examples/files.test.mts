/** What holds of each workflow in examples/, whatever it does. */
import type { INode } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { n8nWorkflow, nodeTypes, PACKAGE_NAME } from '../../tools/n8n-host/n8n.mts';
import { example, exampleNames } from '../../tools/n8n-host/workflowFile.mts';

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';

const isOurs = ({ type }: INode) => type.startsWith(`${PACKAGE_NAME}.`);

/** Our node type; that of a tool for agents is made from the node itself. */
function descriptionOf({ type }: INode) {
	const name = type.slice(PACKAGE_NAME.length + 1).replace(/Tool$/, '');
	const description = nodeTypes[name]?.type.description;
	if (!description || !('properties' in description)) throw new Error(`There is no node ${type}`);
	return description;
}

/** The space that a node takes on the canvas, with its name below. */
function boxOf({ type, position: [left, top], parameters }: INode) {
	const isNote = type === STICKY_NOTE;
	const width = isNote ? Number(parameters.width) : 100;
	const height = isNote ? Number(parameters.height) : 140;
	return { left, top, right: left + width, bottom: top + height };
}

function doOverlap(one: INode, other: INode): boolean {
	const [a, b] = [boxOf(one), boxOf(other)];
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

describe.each(exampleNames())('%s', (name) => {
	const file = example(name);
	const text = JSON.stringify(file);

	it('is inactive, and has one sticky note that says what to set up', () => {
		expect(file).not.toHaveProperty('active', true);
		const notes = file.nodes.filter(({ type }) => type === STICKY_NOTE);
		expect(notes.map(({ parameters }) => parameters.content)).toEqual([
			expect.stringMatching(/^## .*\bSet up: /s),
		]);
	});

	it('has no keys, no addresses but those for examples, and no dates that pass', () => {
		expect(text).not.toMatch(/"(password|apiKey|token|secret|accessTokens?)":/i);
		expect(text).not.toMatch(/\b(ci|cs)_(live|test)_/);
		const hosts = [...text.matchAll(/(?:[\w-]@|https?:\/\/)([\w.-]+)/g)].map(([, host]) => host);
		expect(hosts.filter((host) => !/(^|\.)example\.com$/.test(host ?? ''))).toEqual([]);
		expect(text).not.toMatch(/\b20\d\d-\d\d-\d\d\b/);
	});

	it('names credentials, and says nothing else of them', () => {
		for (const { credentials = {} } of file.nodes) {
			for (const credential of Object.values(credentials)) {
				expect(Object.keys(credential)).toEqual(['id', 'name']);
			}
		}
	});

	it('uses only fields and values that the Cobalt nodes have, and leaves out none that is required', () => {
		for (const node of file.nodes.filter(isOurs)) {
			const description = descriptionOf(node);
			const { properties } = description;
			const known = n8nWorkflow.NodeHelpers.getNodeParameters(
				properties,
				node.parameters,
				true,
				false,
				node,
				description,
			);
			// n8n adds this one to the tool that it makes of a node.
			const { toolDescription, ...own } = node.parameters;
			expect(toolDescription !== undefined).toBe(node.type.endsWith('Tool'));
			expect(known, node.name).toMatchObject(own);
			const complete = { ...node, parameters: known ?? {} };
			const issues = n8nWorkflow.NodeHelpers.getNodeParametersIssues(
				properties,
				complete,
				description,
			);
			expect(issues, node.name).toBeNull();
		}
	});

	it('has an error output at each Cobalt node, which leads on', () => {
		const actions = file.nodes.filter(({ type }) => type === `${PACKAGE_NAME}.cobalt`);
		for (const { name: from, onError } of actions) {
			expect(onError, from).toBe('continueErrorOutput');
			expect(file.connections[from]?.main?.[1], from).toHaveLength(1);
		}
	});

	it('connects all of its nodes, to nodes that it has', () => {
		const names = new Set(file.nodes.map((node) => node.name));
		expect(names.size).toBe(file.nodes.length);
		const connected = Object.entries(file.connections).flatMap(([from, outputs]) => [
			from,
			...Object.values(outputs).flatMap((output) =>
				output.flatMap((targets) => (targets ?? []).map(({ node }) => node)),
			),
		]);
		const notes = file.nodes.filter(({ type }) => type === STICKY_NOTE).map((node) => node.name);
		expect(new Set([...connected, ...notes])).toEqual(names);
	});

	it('has no two nodes in one place', () => {
		const pairs = file.nodes.flatMap((one, index) =>
			file.nodes.slice(index + 1).map((other) => [one, other] as const),
		);
		const overlapping = pairs.filter(([one, other]) => doOverlap(one, other));
		expect(overlapping.map((pair) => pair.map((node) => node.name))).toEqual([]);
	});

	it('has no patient data in a mail to the staff', () => {
		const alarms = file.nodes.filter(({ parameters }) =>
			JSON.stringify(parameters).includes('no patient data on purpose'),
		);
		for (const { parameters } of alarms) {
			expect(JSON.stringify(parameters)).not.toMatch(/\$json|\$\('/);
		}
	});
});
