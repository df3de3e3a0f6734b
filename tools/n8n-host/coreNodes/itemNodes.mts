/** Small versions of n8n's nodes that shape and route items. They do what the example workflows need of them. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { n8nWorkflow } from '../n8n.mts';
import { baseNode, parameter, textParameters } from '../nodeTypes.mts';

type Items = INodeExecutionData[];

/** *Edit Fields* with fields set one by one. */
export const set = baseNode(
	'set',
	async function (this: IExecuteFunctions) {
		return Promise.resolve([
			this.getInputData().map((item, index) => {
				const { assignments } = this.getNodeParameter('assignments', index) as {
					assignments: { name: string; value: never }[];
				};
				const values = Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
				const keepsOthers = this.getNodeParameter('includeOtherFields', index) === true;
				return {
					json: { ...(keepsOthers && item.json), ...values },
					...(keepsOthers && item.binary && { binary: item.binary }),
					pairedItem: { item: index },
				};
			}),
		]);
	},
	{
		version: [3.4],
		properties: [
			parameter('mode', 'options', 'manual'),
			parameter('assignments', 'assignmentCollection', {}),
			parameter('includeOtherFields', 'boolean', false),
		],
	},
);

/** *If*: its conditions are those of n8n's own filter. */
export const ifNode = baseNode(
	'if',
	async function (this: IExecuteFunctions) {
		const outputs: [Items, Items] = [[], []];
		for (const [index, item] of this.getInputData().entries()) {
			const holds = this.getNodeParameter('conditions', index, false, { extractValue: true });
			outputs[holds === true ? 0 : 1].push({ ...item, pairedItem: { item: index } });
		}
		return Promise.resolve(outputs);
	},
	{
		version: [2.2],
		outputs: ['main', 'main'],
		outputNames: ['true', 'false'],
		properties: [parameter('conditions', 'filter', {}), parameter('options', 'json', {})],
	},
);

const SECONDS: Record<string, number> = { seconds: 1, minutes: 60, hours: 3600, days: 24 * 3600 };

/** Shorter waits stay in n8n's memory (nodes-base: Wait.node.js). */
const SAVED_FROM_MS = 65_000;

/** *Wait* for an interval or until a moment. */
export const wait = baseNode(
	'wait',
	async function (this: IExecuteFunctions) {
		const text = textParameters(this, 0);
		const milliseconds =
			text('resume') === 'specificTime'
				? n8nWorkflow.tryToParseDateTime(text('dateTime'), this.getTimezone()).toMillis() -
					Date.now()
				: Number(text('amount')) * (SECONDS[text('unit')] ?? NaN) * 1000;
		if (milliseconds < SAVED_FROM_MS) {
			await new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
		} else await this.putExecutionToWait(new Date(Date.now() + milliseconds));
		return [this.getInputData()];
	},
	{
		version: [1.1],
		properties: [
			parameter('resume', 'options', 'timeInterval'),
			parameter('dateTime', 'dateTime', ''),
			parameter('amount', 'number', 5),
			parameter('unit', 'options', 'seconds'),
		],
	},
);

/** *Remove Duplicates* with its table of processed data, or within the items. */
export const removeDuplicates = baseNode(
	'removeDuplicates',
	async function (this: IExecuteFunctions) {
		const items = this.getInputData();
		const across = this.getNodeParameter('operation', 0) !== 'removeDuplicateInputItems';
		const byKey = new Map<string, INodeExecutionData>();
		for (const [index, item] of items.entries()) {
			const key = across
				? (this.getNodeParameter('dedupeValue', index) as string)
				: JSON.stringify(item.json[this.getNodeParameter('fieldsToCompare', 0) as string]);
			if (!byKey.has(key)) byKey.set(key, { ...item, pairedItem: { item: index } });
		}
		if (!across) return [[...byKey.values()]];
		const { new: unseen } = await this.helpers.checkProcessedAndRecord([...byKey.keys()], 'node', {
			mode: 'entries',
		});
		return [[...byKey].filter(([key]) => unseen.includes(key)).map(([, item]) => item)];
	},
	{
		version: [2],
		properties: [
			parameter('operation', 'options', 'removeDuplicateInputItems'),
			parameter('compare', 'options', 'allFields'),
			parameter('fieldsToCompare', 'string', ''),
			parameter('logic', 'options', 'removeItemsWithAlreadySeenKeyValues'),
			parameter('dedupeValue', 'string', ''),
		],
	},
);

/** *Aggregate* of all items into one list. */
export const aggregate = baseNode(
	'aggregate',
	async function (this: IExecuteFunctions) {
		const items = this.getInputData();
		const name = this.getNodeParameter('destinationFieldName', 0) as string;
		return Promise.resolve([
			[
				{
					json: { [name]: items.map(({ json }) => json) },
					pairedItem: items.map((_item, item) => ({ item })),
				},
			],
		]);
	},
	{
		properties: [
			parameter('aggregate', 'options', 'aggregateIndividualFields'),
			parameter('destinationFieldName', 'string', 'data'),
		],
	},
);

/** *Split Out* of one field, with the other fields. */
export const splitOut = baseNode(
	'splitOut',
	async function (this: IExecuteFunctions) {
		const name = this.getNodeParameter('fieldToSplitOut', 0) as string;
		return Promise.resolve([
			this.getInputData().flatMap(({ json }, pairedItem) => {
				const values = json[name];
				return (Array.isArray(values) ? (values as never[]) : []).map((value) => ({
					json: { ...json, [name]: value },
					pairedItem,
				}));
			}),
		]);
	},
	{
		properties: [
			parameter('fieldToSplitOut', 'string', ''),
			parameter('include', 'options', 'noOtherFields'),
		],
	},
);

/** *Extract from File* for CSV without quotes. */
export const extractFromFile = baseNode(
	'extractFromFile',
	async function (this: IExecuteFunctions) {
		const name = this.getNodeParameter('binaryPropertyName', 0);
		const bytes = await this.helpers.getBinaryDataBuffer(0, name);
		const text = bytes.toString();
		const [head = '', ...lines] = text.trim().split('\n');
		const columns = head.split(',');
		const rows = lines.map((line) => line.split(','));
		return [
			rows.map((row) => ({
				json: Object.fromEntries(columns.map((column, index) => [column, row[index] ?? ''])),
				pairedItem: 0,
			})),
		];
	},
	{
		properties: [
			parameter('operation', 'options', 'csv'),
			parameter('binaryPropertyName', 'string', 'data'),
		],
	},
);
