import { describe, expect, it } from 'vitest';

import { describeUnforeseen } from '../../../nodes/shared/retry/unforeseenError.js';
import { fieldMessagesInCode, messagesInCode } from './textsInCode.mts';
import { sections, whatToDo } from './troubleshootingPage.mts';

const inCode = messagesInCode();
const entries = sections.flatMap((section) => section.entries);
const documented = entries.flatMap(({ messages }) => messages);

/** It is put together by a function. */
const UNFORESEEN = `${describeUnforeseen(undefined).split('(')[0] ?? ''}(…)`;

/** When one of these tests fails, a message has changed: change its entry in this folder, too. */
describe('the catalogue of messages', () => {
	it('has every message that is in the code', () => {
		const missing = inCode.filter(({ message }) => !documented.includes(message));
		expect(missing).toEqual([]);
	});

	it('has no message that is not in the code', () => {
		const known = [UNFORESEEN, ...inCode.map(({ message }) => message)];
		expect(documented.filter((message) => !known.includes(message))).toEqual([]);
	});

	it('has each message once', () => {
		expect(documented.filter((message, index) => documented.indexOf(message) !== index)).toEqual(
			[],
		);
	});

	it('says for each message what to do', () => {
		const silent = entries.filter((entry) => whatToDo(entry, inCode) === '');
		expect(silent.map(({ messages }) => messages[0])).toEqual([]);
		const fields = fieldMessagesInCode();
		expect(fields).not.toEqual([]);
		const silentOnes = fields.filter(({ description = '' }) => description === '');
		// It repeats what is said of a field inside of the field.
		expect(silentOnes.map(({ message }) => message)).toEqual(["has a '…' that …"]);
	});
});
