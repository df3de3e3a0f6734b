import type { ContenderName } from './contenders.mts';
import type { Measurement } from './measurement.mts';

export const titles: Record<ContenderName, string> = {
	node: 'A: this node',
	nodeExecutions: 'A2: this node, one execution for each',
	drawnLoop: 'L: HTTP Request, Wait, If',
	oneByOne: "B: Cobalt's sample, one by one",
	sideBySide: "C: Cobalt's sample, side by side",
};

/** A measurement, and the node's for as many jobs. */
type Row = Measurement & { node: Measurement };

const columns: [string, (row: Row) => string | number][] = [
	['Jobs', ({ jobs }) => jobs],
	['Mean duration (s)', ({ duration }) => duration.toFixed(1)],
	['Who waits', ({ contender }) => titles[contender]],
	['Submissions', ({ submissions }) => submissions],
	['Lookups', ({ lookups }) => lookups],
	['… per job', ({ lookups, jobs }) => (lookups / jobs).toFixed(2)],
	["… ÷ A's", ({ lookups, node }) => (lookups / node.lookups).toFixed(2)],
	['Requests in the busiest second', ({ busiestSecond }) => busiestSecond],
	['Delay, mean (s)', ({ delay }) => delay.mean.toFixed(2)],
	['Delay, p95 (s)', ({ delay }) => delay.p95.toFixed(2)],
	['Total (s)', ({ total }) => total.toFixed(1)],
	["… after the last job's end (s)", ({ afterLastEnd }) => afterLastEnd.toFixed(2)],
];

/** The measurements as a table in Markdown. */
export function tableOf(measurements: Measurement[]): string {
	const rows = measurements.flatMap((one) => {
		const node = measurements.find(
			({ contender, jobs }) => contender === 'node' && jobs === one.jobs,
		);
		return node ? [{ ...one, node }] : [];
	});
	const isText = (index: number) => columns[index]?.[0] === 'Who waits';
	const lines = [
		columns.map(([title]) => title),
		columns.map((_, index) => (isText(index) ? '---' : '--:')),
		...rows.map((row) => columns.map(([, cell]) => String(cell(row)))),
	];
	return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
