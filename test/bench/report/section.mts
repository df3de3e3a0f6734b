import type { Plot } from './plot.mts';

/** One part of docs/benchmark.md. */
export interface Section {
	title: string;
	/** Paragraphs and tables in Markdown. */
	text: string;
	plots: Plot[];
}

/** @param rows as texts; the first column is aligned left, the others right */
export function markdownTable(headers: string[], rows: string[][]): string {
	const lines = [headers, headers.map((_, index) => (index === 0 ? '---' : '--:')), ...rows];
	return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
