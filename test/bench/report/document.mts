import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

import { NEWEST } from '../../../tools/n8n/editions.mts';
import type { Bench } from '../bench.mts';
import type { Section } from './section.mts';

const DOCS = new URL('../../../docs/', import.meta.url);

const WORDS = `# Benchmark

\`npm run bench\` measures this package and writes this page. Everything is measured against the same fake Cobalt on one machine, and what is compared takes turns, so that a busy moment of the machine hits all of them. Each figure is the median of several runs, with the least and the greatest in parentheses. Each run is checked: the same records were made, the same results were found, or the benchmark fails.`;

/** Writes docs/benchmark.md and its pictures. */
export function writeDocument(
	{ isQuick, rounds, seed }: Pick<Bench, 'isQuick' | 'rounds' | 'seed'>,
	sections: readonly Section[],
): void {
	const pictures = new URL('images/', DOCS);
	mkdirSync(pictures, { recursive: true });
	const model = cpus()[0]?.model ?? 'unknown processor';
	const machine = [
		`- Machine: ${model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${type()} ${release()}`,
		`- n8n ${NEWEST.n8n} on Node ${NEWEST.node}; the fake Cobalt on Node ${process.versions.node}`,
		`- Date: ${new Date().toISOString().slice(0, 10)}; seed: ${seed}; runs: ${rounds}${isQuick ? ' (a quick one: figures spread widely)' : ''}`,
	];
	const parts = sections.map(({ title, text, plots }) => {
		const images = plots.map(({ name, alt, svg }) => {
			writeFileSync(new URL(`benchmark-${name}.svg`, pictures), `${svg}\n`);
			return `![${alt}](images/benchmark-${name}.svg)`;
		});
		return [`## ${title}`, text, ...images].join('\n\n');
	});
	const page = [WORDS, machine.join('\n'), ...parts].join('\n\n');
	writeFileSync(fileURLToPath(new URL('benchmark.md', DOCS)), `${page}\n`);
}
