/**
 * The benchmark of the whole package: measures, and writes docs/benchmark.md with its pictures.
 *
 *   npm run bench                     all of it
 *   npm run bench -- --quick          fewer and smaller runs
 *   npm run bench -- --seed 2         other durations of jobs
 *
 * What happens meanwhile goes to stderr.
 */
import { parseArgs } from 'node:util';

import { unpackPackage } from '../../tools/n8n/communityPackage.mts';
import { NEWEST } from '../../tools/n8n/editions.mts';
import { install } from '../../tools/n8n/installation.mts';
import { temporaryFolder } from '../../tools/n8n/temporaryFolder.mts';
import { backlogSection } from './backlog/section.mts';
import type { Bench } from './bench.mts';
import { callsSection } from './calls/section.mts';
import { presenceSection } from './presence/section.mts';
import { receivingSection } from './receiving/section.mts';
import { writeDocument } from './report/document.mts';
import type { Section } from './report/section.mts';
import { waitingSection } from './waiting/section.mts';

const { values } = parseArgs({
	options: {
		seed: { type: 'string', default: '1' },
		quick: { type: 'boolean', default: false },
	},
});
const seed = Number(values.seed);
if (!Number.isInteger(seed) || seed < 1) throw new Error('--seed takes a whole number');

const downloads = temporaryFolder('bench-');
const unpacked = await unpackPackage(downloads.path);
const bench: Bench = {
	installation: await install(NEWEST, (step) => {
		console.error(step);
	}),
	packageFolder: unpacked.folder,
	tarball: unpacked.tarball,
	rounds: values.quick ? 3 : 9,
	seed,
	isQuick: values.quick,
};

const sections: Section[] = [];
for (const measure of [
	waitingSection,
	callsSection,
	backlogSection,
	receivingSection,
	presenceSection,
]) {
	const start = Date.now();
	const section = await measure(bench);
	console.error(`${section.title}: ${Math.round((Date.now() - start) / 1000)} s`);
	sections.push(section);
}
downloads.remove();
writeDocument(bench, sections);
