/** Small versions of n8n's nodes that deal with people, other systems and data tables. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

import { baseNode, parameter, textParameters } from '../nodeTypes.mts';
import type { FormField, Outside } from './outside.mts';

/** How long *Send and Wait for Response* waits for an answer, in the example workflows. */
const ANSWER_WITHIN_MS = 24 * 60 * 60 * 1000;

/** *Send Email*: also a question that is answered at once, or never. */
export function emailSend(outside: Outside): INodeType {
	return baseNode(
		'emailSend',
		async function (this: IExecuteFunctions) {
			const asks = this.getNodeParameter('operation', 0) === 'sendAndWait';
			const mails = this.getInputData().map((_item, index) => {
				const text = textParameters(this, index);
				return {
					to: text('toEmail'),
					subject: text('subject'),
					text: text(asks ? 'message' : 'text'),
				};
			});
			outside.mails.push(...mails);
			if (asks && outside.approves === undefined) {
				await this.putExecutionToWait(new Date(Date.now() + ANSWER_WITHIN_MS));
				return [this.getInputData()];
			}
			const { approves: approved } = outside;
			if (asks) return [[{ json: { data: { approved, respondedAt: new Date().toISOString() } } }]];
			return [mails.map(({ to }, item) => ({ json: { accepted: [to] }, pairedItem: { item } }))];
		},
		{
			version: [2.1],
			properties: [
				parameter('operation', 'options', 'send'),
				parameter('fromEmail', 'string', ''),
				parameter('toEmail', 'string', ''),
				parameter('subject', 'string', ''),
				parameter('emailFormat', 'options', 'html'),
				parameter('text', 'string', ''),
				parameter('message', 'string', ''),
				parameter('responseType', 'options', 'approval'),
				parameter('approvalOptions', 'json', {}),
				parameter('options', 'json', {}),
			],
		},
	);
}

/** *n8n Form*: a page that is filled in at once, or the last page. */
export function form(outside: Outside): INodeType {
	return baseNode(
		'form',
		async function (this: IExecuteFunctions) {
			const text = textParameters(this, 0);
			if (this.getNodeParameter('operation', 0) === 'page') {
				const fields = JSON.parse(text('jsonOutput')) as FormField[];
				const entered = outside.fillIn(fields);
				const submittedAt = new Date().toISOString();
				return Promise.resolve([[{ json: { ...entered, submittedAt, formMode: 'production' } }]]);
			}
			outside.endings.push({ title: text('completionTitle'), message: text('completionMessage') });
			return Promise.resolve([this.getInputData()]);
		},
		{
			version: [2.3],
			properties: [
				parameter('operation', 'options', 'page'),
				parameter('defineForm', 'options', 'fields'),
				parameter('jsonOutput', 'json', ''),
				parameter('respondWith', 'options', 'text'),
				parameter('completionTitle', 'string', ''),
				parameter('completionMessage', 'string', ''),
				parameter('options', 'json', {}),
			],
		},
	);
}

/** *HTTP Request* with a JSON body or a file. */
export function httpRequest(outside: Outside): INodeType {
	return baseNode(
		'httpRequest',
		async function (this: IExecuteFunctions) {
			const results: INodeExecutionData[] = [];
			for (const index of this.getInputData().keys()) {
				const text = textParameters(this, index);
				const { parameters = [] } = this.getNodeParameter('headerParameters', index) as {
					parameters?: { name: string; value: string }[];
				};
				outside.requests.push({
					at: new Date().toISOString(),
					method: text('method'),
					url: text('url'),
					headers: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
					body:
						text('contentType') === 'binaryData'
							? await this.helpers.getBinaryDataBuffer(index, text('inputDataFieldName'))
							: JSON.parse(text('jsonBody')),
				});
				const json: IDataObject = outside.isDown
					? { error: 'The service refused the connection' }
					: { ok: true };
				results.push({ json, pairedItem: index });
			}
			return [results];
		},
		{
			version: [4.2],
			properties: [
				parameter('method', 'options', 'GET'),
				parameter('url', 'string', ''),
				parameter('sendHeaders', 'boolean', false),
				parameter('headerParameters', 'json', {}),
				parameter('sendBody', 'boolean', false),
				parameter('contentType', 'options', 'json'),
				parameter('specifyBody', 'options', 'keypair'),
				parameter('jsonBody', 'json', ''),
				parameter('inputDataFieldName', 'string', ''),
				parameter('options', 'json', {}),
			],
		},
	);
}

interface Condition {
	keyName: string;
	keyValue: unknown;
}

/** *Data Table*: rows of a table that exists, found by what a column equals. */
export function dataTable(outside: Outside): INodeType {
	return baseNode(
		'dataTable',
		async function (this: IExecuteFunctions) {
			const results = this.getInputData().map((item, index): INodeExecutionData[] => {
				const about = this.getNodeParameter('dataTableId', index) as { value: string };
				const rows = outside.table(about.value);
				const { conditions = [] } = this.getNodeParameter('filters', index) as {
					conditions?: Condition[];
				};
				const found = rows.filter((row) =>
					conditions.every(({ keyName, keyValue }) => row[keyName] === keyValue),
				);
				const { value: columns = {} } = this.getNodeParameter('columns', index) as {
					value?: IDataObject;
				};
				const out = (json: IDataObject) => ({ json: { ...json }, pairedItem: { item: index } });
				switch (this.getNodeParameter('operation', index)) {
					case 'insert':
						rows.push({ id: rows.length + 1, ...columns });
						return rows.slice(-1).map(out);
					case 'update':
						for (const row of found) Object.assign(row, columns);
						return found.map(out);
					case 'rowExists':
						return found.length > 0 ? [{ ...item, pairedItem: { item: index } }] : [];
					case 'rowNotExists':
						return found.length === 0 ? [{ ...item, pairedItem: { item: index } }] : [];
					case 'get':
						return found.map(out);
					default:
						throw new Error('The test engine has no such operation of Data Table');
				}
			});
			return Promise.resolve([results.flat()]);
		},
		{
			version: [1.1],
			properties: [
				parameter('resource', 'options', 'row'),
				parameter('operation', 'options', 'insert'),
				parameter('dataTableId', 'resourceLocator', {}),
				parameter('matchType', 'options', 'anyCondition'),
				parameter('filters', 'json', {}),
				parameter('columns', 'json', {}),
				parameter('returnAll', 'boolean', false),
				parameter('options', 'json', {}),
			],
		},
	);
}
