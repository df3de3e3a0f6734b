import { Stage } from '../../../tools/n8n/stage.mts';
import type { Bench } from '../bench.mts';
import { barPlot } from '../report/plot.mts';
import { markdownTable, type Section } from '../report/section.mts';
import { percentile, spreadOf, spreadText } from '../statistics.mts';
import { WITH_METRICS } from './metrics.mts';
import { kindNames, Receiving, type KindName, type ReceivingRun } from './receiving.mts';

const TITLES: Record<KindName, string> = {
	webhookNode: "n8n's Webhook node",
	otherTrigger: 'Another trigger of n8n (Chargebee)',
	matching: 'Cobalt Trigger: an event that matches',
	twoClinics: '… with a credential for two clinics',
	filtered: '… an event that is filtered out',
	repeated: '… an event that was delivered before',
	forged: '… a wrong signature',
};

const CLINICS = 2;

/** Fewer than in the other sections: each needs a second or two. */
const ROUNDS = { quick: 1, full: 5 };

const COUNT = { quick: 40, full: 120 };

/** Receiving: webhooks of Cobalt's that come to a whole n8n. */
export async function receivingSection({ installation, isQuick }: Bench): Promise<Section> {
	const kind = isQuick ? 'quick' : 'full';
	const count = COUNT[kind];
	const stage = await Stage.open({
		installation,
		// n8n's other trigger wants this spelling.
		cobalt: { clinics: CLINICS, spelling: 'prefixed' },
		env: WITH_METRICS,
	});
	try {
		return sectionOf(count, await measure(await Receiving.prepare(stage), ROUNDS[kind], count));
	} finally {
		await stage.close();
	}
}

/** All kinds in turns. The runs have the same order for all. */
async function measure(
	receiving: Receiving,
	rounds: number,
	count: number,
): Promise<ReadonlyMap<KindName, ReceivingRun[]>> {
	const runs = new Map(kindNames.map((name): [KindName, ReceivingRun[]] => [name, []]));
	// The first round is for the compiler.
	for (let round = 0; round <= rounds; round += 1) {
		for (const [turn] of kindNames.entries()) {
			const name = kindNames[(turn + round) % kindNames.length] ?? 'webhookNode';
			const run = await receiving.run(name, round, count);
			if (round > 0) runs.get(name)?.push(run);
		}
	}
	return runs;
}

const rateOf = ({ together, togetherMs }: ReceivingRun) => (together.length / togetherMs) * 1000;

function sectionOf(count: number, measured: ReadonlyMap<KindName, ReceivingRun[]>): Section {
	const cpuOf = ({ cpuMs }: ReceivingRun) => cpuMs / count;
	const base = measured.get('webhookNode') ?? [];
	const rows = [...measured].map(([name, runs]) => {
		const text = (digits: number, valueOf: (run: ReceivingRun) => number) =>
			spreadText(spreadOf(runs.map(valueOf)), digits);
		const ratio = (valueOf: (run: ReceivingRun) => number) =>
			spreadText(spreadOf(runs.map((run, index) => valueOf(run) / valueOf(base[index] ?? run))), 2);
		const latency = (percent: number) => (run: ReceivingRun) =>
			percentile(
				run.singles.map(({ ms }) => ms),
				percent,
			);
		return [
			TITLES[name],
			text(0, rateOf),
			ratio(rateOf),
			text(1, latency(50)),
			text(1, latency(95)),
			text(1, cpuOf),
			ratio(cpuOf),
		];
	});
	const headers = [
		'',
		'Deliveries per second',
		"÷ Webhook node's",
		'Latency, median (ms)',
		'Latency, p95 (ms)',
		'Processor time for one (ms)',
		"÷ Webhook node's",
	];
	const medians = [...measured.values()].map((runs) =>
		Math.round(spreadOf(runs.map(rateOf)).median),
	);
	return {
		title: 'Receiving webhooks',
		text: `${count} signed deliveries in each run, to workflows in one whole n8n: a trigger, and a node that does nothing. All of them respond at once and get the same body. Half of the deliveries are sent one by one, for the latency, the others 10 at once, for the rate. The processor time is that of n8n, with the executions that the deliveries start: they run beside the next deliveries. Each response is checked, and that each delivery has started one execution, or none.

n8n's own nodes check no signature, filter nothing here, and drop no repeats. For a webhook of any node but its Webhook node, n8n makes a sandbox for expressions, used or not: _Another trigger_ shows what that costs a node that does nothing else.

${markdownTable(headers, rows)}`,
		plots: [
			barPlot({
				name: 'receiving',
				title: 'Webhooks received',
				unit: 'per second',
				categories: kindNames.map((name) => TITLES[name].replace('Cobalt Trigger: ', '')),
				series: { 'Deliveries per second': medians },
			}),
		],
	};
}
