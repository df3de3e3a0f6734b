import { connection } from './connection.mts';
import type { MessageEntry, MessageSection } from './entry.mts';
import { node } from './node.mts';
import { patients } from './patients.mts';
import { requests } from './requests.mts';
import type { TextInCode } from './textsInCode.mts';
import { trigger } from './trigger.mts';
import { writes } from './writes.mts';

export const sections: readonly MessageSection[] = [
	writes,
	patients,
	requests,
	connection,
	trigger,
	node,
];

/** The headings of the messages that people meet most often. README links to them. */
const COMMONEST = [
	'EHR login expired',
	'Job failed',
	'Still pending',
	'Keys rejected',
	'Outcome unknown',
	'Duplicate patient',
];

/** All messages with what they mean, as a page for people. */
export function troubleshootingPage(
	messages: readonly TextInCode[],
	fieldMessages: readonly TextInCode[],
): string {
	return [
		'# Troubleshooting by message',
		'',
		'Made from the messages in the code by `npm run docs`: do not edit it by hand. Search this page for a few words of the message that you see; `…` stands for what differs.',
		'',
		'The commonest:',
		'',
		...COMMONEST.map((heading) => `- [${heading}](#${anchorOf(heading)})`),
		'',
		'n8n offers _Retry_ for an execution that stopped with an error, in the _Executions_ tab: _Retry with currently saved workflow_ uses the workflow as it is saved now, _Retry with original workflow_ as it was then. With an error output or _Continue_, the execution does not stop, and there is nothing to retry.',
		'',
		...sections.flatMap((section) => sectionOf(section, messages)),
		'## A field of the node',
		'',
		"These begin with the label of the field, such as _'Date and Time' is not a date and time_. They never repeat the value. **Was anything written?** No: the item was not submitted. If the field is an expression, check its value for the item that is named.",
		'',
		'| The field … | What to do |',
		'| --- | --- |',
		...rowsOf(fieldMessages),
		'',
	].join('\n');
}

const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(' ', '-');

function sectionOf({ heading, intro, entries }: MessageSection, messages: readonly TextInCode[]) {
	return [`## ${heading}`, '', intro, '', ...entries.flatMap((entry) => partOf(entry, messages))];
}

function partOf(entry: MessageEntry, inCode: readonly TextInCode[]): string[] {
	const [first = ''] = entry.messages;
	const shown = entry.heading === undefined ? entry.messages.slice(1) : entry.messages;
	return [
		`### ${entry.heading ?? first}`,
		'',
		...shown.flatMap((message) => [`> ${escaped(message)}`, '>']).slice(0, -1),
		'',
		`- **What it means:** ${entry.meaning}`,
		`- **Was anything written?** ${entry.written}`,
		`- **What to do:** ${whatToDo(entry, inCode)}`,
		'',
	];
}

/** What to do, from the code unless it is put together there. */
export function whatToDo(entry: MessageEntry, inCode: readonly TextInCode[]): string {
	const known = inCode.find(
		({ message, description = '' }) => entry.messages[0] === message && description !== '',
	);
	return entry.whatToDo ?? escaped(known?.description ?? '');
}

function rowsOf(fieldMessages: readonly TextInCode[]): string[] {
	const rows = fieldMessages.flatMap(({ message, description = '' }) =>
		description === '' ? [] : [`| ${escaped(message)} | ${escaped(description)} |`],
	);
	return [...new Set(rows)].sort();
}

/** Markdown would take some characters for its own. */
const escaped = (text: string): string => text.replaceAll(/[|*_<>{}[\]]/g, String.raw`\$&`);
