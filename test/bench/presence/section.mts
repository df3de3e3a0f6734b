import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { run } from '../../../tools/n8n/command.mts';
import type { Bench } from '../bench.mts';
import { barPlot } from '../report/plot.mts';
import { markdownTable, type Section } from '../report/section.mts';
import { spreadOf, spreadText } from '../statistics.mts';

/**
 * Run in a new process of n8n's Node: loads nodes as n8n does, once n8n-workflow is loaded. Prints milliseconds, and
 * the bytes of the descriptions that the editor downloads.
 */
const LOAD = `
	require('n8n-workflow');
	const start = performance.now();
	const nodes = process.argv.slice(1).map((file) => {
		const name = file.split(/[\\\\/]/).at(-1).replace('.node.js', '');
		return new (require(file)[name])();
	});
	const ms = performance.now() - start;
	const bytes = nodes.map(({ description, nodeVersions = {} }) =>
		JSON.stringify([description, ...Object.values(nodeVersions).map((one) => one.description)]).length);
	console.log(JSON.stringify({ ms, bytes: bytes.reduce((sum, one) => sum + one, 0) }));`;

interface Load {
	ms: number;
	bytes: number;
}

/** Being there: what the package costs an n8n that never runs it. */
export async function presenceSection({
	installation,
	packageFolder,
	tarball,
	rounds,
}: Bench): Promise<Section> {
	const modules = join(installation.folder, 'node_modules');
	const own = (name: string) => join(packageFolder, 'dist', 'nodes', name, `${name}.node.js`);
	const google = join(modules, 'n8n-nodes-base', 'dist', 'nodes', 'Google', 'Calendar');
	const contenders: Record<string, string[]> = {
		'Cobalt and Cobalt Trigger': [own('Cobalt'), own('CobaltTrigger')],
		Cobalt: [own('Cobalt')],
		'Cobalt Trigger': [own('CobaltTrigger')],
		'Google Calendar and its trigger, of n8n': [
			join(google, 'GoogleCalendar.node.js'),
			join(google, 'GoogleCalendarTrigger.node.js'),
		],
	};
	const loads = new Map<string, Load[]>();
	// The first round fills the file system's cache.
	for (let round = 0; round <= rounds * 2; round += 1) {
		for (const [name, files] of Object.entries(contenders)) {
			const printed = await run(installation.node, ['-e', LOAD, ...files], {
				cwd: packageFolder,
				env: { NODE_PATH: modules },
			});
			if (round > 0) loads.set(name, [...(loads.get(name) ?? []), JSON.parse(printed) as Load]);
		}
	}
	const spreads = [...loads].map(([name, runs]) => ({
		name,
		ms: spreadOf(runs.map(({ ms }) => ms)),
		kilobytes: (runs[0]?.bytes ?? NaN) / 1000,
	}));
	const rows = spreads.map(({ name, ms, kilobytes }) => [
		name,
		spreadText(ms, 1),
		kilobytes.toFixed(0),
	]);
	const files = readdirSync(packageFolder, { recursive: true, withFileTypes: true });
	const count = files.filter((file) => file.isFile()).length;
	return {
		title: 'Being there',
		text: `What the package costs an n8n that does not run it: the time to load its nodes in a new process that has n8n-workflow already, and the size of the descriptions, as JSON. The tarball has ${(statSync(tarball).size / 1000).toFixed(0)} kB and ${count} files.

${markdownTable(['', 'Time to load (ms)', 'Description (kB)'], rows)}`,
		plots: [
			barPlot({
				name: 'presence',
				title: 'Time to load',
				unit: 'ms',
				categories: spreads.map(({ name }) => name),
				series: { 'Time to load': spreads.map(({ ms }) => Number(ms.median.toFixed(1))) },
			}),
		],
	};
}
