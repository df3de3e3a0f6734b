import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

import { resources } from '../../nodes/Cobalt/resources/index.js';
import { properties, triggerProperties } from '../nodeProperties.mts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const filesOf = (...patterns: string[]): string[] =>
	execFileSync('git', ['ls-files', ...patterns], { cwd: root, encoding: 'utf8' })
		.split('\n')
		.filter((path) => path !== '');

const textOf = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');

const pages = filesOf('README.md', 'docs/*.md');

/** Each of the matches of a pattern's first group in the pages, with its page. */
const quotedIn = (pattern: RegExp): Array<{ page: string; quoted: string }> =>
	pages.flatMap((page) =>
		[...textOf(page).matchAll(pattern)].map(([, quoted = '']) => ({ page, quoted })),
	);

/** All labels of a form. */
const labels = new Set(
	[...JSON.stringify([properties, triggerProperties]).matchAll(/"displayName":"([^"]+)"/g)].map(
		([, label = '']) => label,
	),
);

const operations = new Set(
	resources.flatMap(({ name, operations: all }) => all.map((one) => `${name}: ${one.name}`)),
);

const resourceNames = resources.map(({ name }) => name).join('|');

const source = filesOf('nodes/**/*.ts', 'credentials/*.ts').map(textOf).join('\n');

/** The parts of a quoted message that the code has as they are: without labels and what is left out. */
const fragmentsOf = (message: string): string[] =>
	message
		.replaceAll(/'[^']*'/g, '…')
		.split(/…|\(/)
		.map((part) => part.trim())
		.filter((part) => part.includes(' '));

describe('what the pages quote', () => {
	it('operations have the names that the node shows', () => {
		const quoted = quotedIn(new RegExp(`[_*]((?:${resourceNames}): [A-Z][A-Za-z ]+)[_*]`, 'g'));
		expect(quoted.length).toBeGreaterThan(50);
		expect(quoted.filter((one) => !operations.has(one.quoted))).toEqual([]);
	});

	it('options have the labels that the node shows', () => {
		const quoted = quotedIn(/\*\*Options → ([^*→]+?)\*\*/g);
		expect(quoted.length).toBeGreaterThan(5);
		expect(quoted.filter((one) => !labels.has(one.quoted))).toEqual([]);
	});

	it('messages are those of the code', () => {
		const quoted = quotedIn(/`((?:'[A-Z]|[A-Z][a-z]+ |… )[^`]* [^`]*)`/g).filter(
			({ quoted: text }) =>
				fragmentsOf(text).length > 0 && !/^(?:GET|POST|PATCH|DELETE|PUT) /.test(text),
		);
		expect(quoted.length).toBeGreaterThan(5);
		const missing = quoted.filter(({ quoted: text }) =>
			fragmentsOf(text).some((fragment) => !source.includes(fragment)),
		);
		expect(missing).toEqual([]);
	});
});
