import type { IDataObject } from 'n8n-workflow';

const startedAt = Date.now();

export function say(what: string): void {
	const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(5);
	console.log(`${seconds} s  ${what}`);
}

export function showItems(title: string, items: IDataObject[]): void {
	console.log(`\n${title}`);
	for (const json of items) console.log(JSON.stringify(json, null, 2).replace(/^/gm, '    '));
}

/** What was to happen, and whether it did. */
export type Check = [what: string, held: boolean];

/** @returns whether everything happened that should */
export function showChecks(checks: Check[]): boolean {
	console.log();
	for (const [what, held] of checks) console.log(`${held ? '✔' : '✘'} ${what}`);
	return checks.every(([, held]) => held);
}
