import type { Bench } from '../bench.mts';
import { barPlot } from '../report/plot.mts';
import { markdownTable, type Section } from '../report/section.mts';
import { spreadOf, spreadText } from '../statistics.mts';
import { measureCalls, type CallCosts } from './calls.mts';
import type { CallsResult, ContenderName, Kind } from './task.mts';

const TITLES: Record<ContenderName, string> = {
	node: 'This node',
	httpRequest: "n8n's HTTP Request node",
	n8nClient: "n8n's HTTP client alone",
	axios: 'axios alone, without n8n',
};

const KINDS: Record<Kind, string> = { read: 'Appointment: Get', write: 'Appointment: Create' };

/** Submitting and reading: what a call costs. */
export async function callsSection(bench: Bench): Promise<Section> {
	const count = bench.isQuick ? 200 : 1000;
	const costs: Record<Kind, CallCosts> = {
		read: await measureCalls(bench, 'read', count),
		write: await measureCalls(bench, 'write', count),
	};
	const kinds = Object.keys(KINDS) as Kind[];
	const names = Object.keys(TITLES) as ContenderName[];
	const rate = ({ ms }: CallsResult) => (count / ms) * 1000;
	const rows = kinds.flatMap((kind) =>
		names.map((name) => {
			const runs = costs[kind][name];
			const ratios = runs.map(
				(run, index) => rate(run) / rate(costs[kind].n8nClient[index] ?? run),
			);
			return [
				`${KINDS[kind]}: ${TITLES[name]}`,
				spreadText(spreadOf(runs.map(rate)), 0),
				spreadText(spreadOf(ratios), 2),
				spreadText(spreadOf(runs.map(({ cpuMs }) => cpuMs / count)), 2),
			];
		}),
	);
	const medianRates = (name: ContenderName) =>
		kinds.map((kind) => Math.round(spreadOf(costs[kind][name].map(rate)).median));
	return {
		title: 'Submitting and reading',
		text: `${count} quick calls in one execution, on n8n's engine with n8n's own nodes. _Create_ does not wait for its jobs here. This node evaluates the expressions of its fields for each item (one for _Get_, five for _Create_), as the HTTP Request node does; n8n's HTTP client alone evaluates none and is the limit of what any node could reach. This node has 5 calls in flight at once, the HTTP Request node all of them.

${markdownTable(['', 'Calls per second', "÷ n8n's client", 'Processor time for an item (ms)'], rows)}`,
		plots: [
			barPlot({
				name: 'calls',
				title: `${count} quick calls`,
				unit: 'calls per second',
				categories: kinds.map((kind) => KINDS[kind]),
				series: Object.fromEntries(names.map((name) => [TITLES[name], medianRates(name)])),
			}),
		],
	};
}
