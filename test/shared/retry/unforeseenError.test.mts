import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { describeUnforeseen, ISSUES_URL } from '../../../nodes/shared/retry/unforeseenError.js';

/** An error as the code of this package throws it. */
function thrown(message: string, more: object = {}): Error {
	const error = Object.assign(new TypeError(message), more);
	error.stack = `TypeError: ${message}
    at Array.map (<anonymous>)
    at shape (/home/n8n/.n8n/nodes/node_modules/n8n-nodes-cobalt/dist/nodes/Cobalt/execution/readHandler.js:57:12)
    at async run (/home/n8n/.n8n/nodes/node_modules/n8n-nodes-cobalt/dist/nodes/Cobalt/execution/jobHandler.js:7:1)`;
	return error;
}

it.each<[unknown, string]>([
	[thrown('Ada Byron is undefined'), 'TypeError, Cobalt/execution/readHandler.js:57'],
	[thrown('x', { code: 'ERR_ODD' }), 'TypeError, ERR_ODD, Cobalt/execution/readHandler.js:57'],
	[thrown('x', { code: 'Ada Byron', name: 'Ada Byron' }), 'Cobalt/execution/readHandler.js:57'],
	[
		thrown('\n    at Ada (/nodes/Cobalt/Byron:1:2)'),
		'TypeError, Cobalt/execution/readHandler.js:57',
	],
	[Object.assign(new RangeError('Ada'), { stack: undefined }), 'RangeError'],
	[Object.assign(new Error('Ada'), { name: '', stack: '' }), 'Error'],
	['Ada', 'string'],
	[undefined, 'undefined'],
])('describes an error for a report, without patient data: %o', (error, code) => {
	expect(describeUnforeseen(error)).toBe(`something unexpected happened in the node (${code})`);
});

it('sends reports to the address in package.json', () => {
	const { bugs } = JSON.parse(readFileSync('package.json', 'utf8')) as { bugs: { url: string } };
	expect(bugs.url).toBe(ISSUES_URL);
});
