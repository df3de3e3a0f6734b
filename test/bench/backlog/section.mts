import { startCobalt, type Cobalt } from '../../../tools/fake-cobalt/index.mts';
import type { Bench } from '../bench.mts';
import { EngineProcess } from '../engine.mts';
import { barPlot } from '../report/plot.mts';
import { markdownTable, type Section } from '../report/section.mts';
import { spreadOf, spreadText } from '../statistics.mts';
import { PAGES_ONLY, type BacklogResult, type BacklogTask, type Reader } from './task.mts';

/** One run, and how many requests each reader made. */
interface BacklogRun extends BacklogResult {
	requests: Record<Reader, number>;
	/** Of one poll that comes when nothing has happened since the backlog. */
	idleRequests: number;
}

const SECOND_MS = 1_000;

/** Between two events: 100,000 of them are a week. */
const SPACING_MS = 6 * SECOND_MS;

/** Between two events of a log in which little happens. */
const QUIET_SPACING_MS = 300 * SECOND_MS;

const ROUNDS = 3;

/** What an outage of n8n leaves behind: events that were not read when they happened. */
export async function backlogSection(bench: Bench): Promise<Section> {
	const counts = bench.isQuick ? [10_000] : [20_000, 100_000];
	const runs = new Map(counts.map((count): [number, BacklogRun[]] => [count, []]));
	const engine = await EngineProcess.start<BacklogTask, BacklogResult>(
		new URL('engine.mts', import.meta.url),
		bench.installation,
		bench.packageFolder,
	);
	try {
		// For the compiler as well.
		const quiet = await read(engine, 5_000, QUIET_SPACING_MS);
		for (let round = 0; round < ROUNDS; round += 1) {
			for (const [count, all] of runs) all.push(await read(engine, count, SPACING_MS));
		}
		return sectionOf(runs, quiet);
	} finally {
		await engine.stop();
	}
}

function sectionOf(runs: ReadonlyMap<number, BacklogRun[]>, quiet: BacklogRun): Section {
	const rateOf = (count: number, reader: Reader) => (run: BacklogRun) =>
		(count / run.ms[reader]) * SECOND_MS;
	const rows = [...runs].map(([count, all]) => {
		const text = (digits: number, valueOf: (run: BacklogRun) => number) =>
			spreadText(spreadOf(all.map(valueOf)), digits);
		return [
			count.toLocaleString('en-US'),
			text(0, ({ requests }) => requests.trigger),
			text(2, ({ requests }) => requests.trigger / requests.pages),
			text(0, rateOf(count, 'trigger')),
			text(0, rateOf(count, 'pages')),
			text(2, ({ ms }) => ms.pages / ms.trigger),
			text(1, ({ heapMb }) => heapMb),
			text(0, ({ stateLength }) => stateLength / 1000),
		];
	});
	const headers = [
		'Events',
		'Requests',
		'÷ pages',
		'Events per second',
		'… just fetching',
		'÷ just fetching',
		'Heap in use (MB)',
		'Static data (kB)',
	];
	const rates = (reader: Reader) =>
		[...runs].map(([count, all]) => Math.round(spreadOf(all.map(rateOf(count, reader))).median));
	return {
		title: 'Polling a backlog',
		text: `What an outage of n8n leaves behind: events that nobody has read. _Cobalt Trigger_ with its defaults (1,000 events per run) reads them from _Start From_ on; beside it, in turns, a trigger that only fetches the pages of the log with n8n's HTTP client, 10 in each poll. On n8n's engine, without the workflows that they start; both must find each event once, in order. Of each 11 pages, the trigger reads one again, which shows that no page has shifted since the last poll. _Heap in use_ is what is left of both after a collection of garbage, more than before. A poll of the trigger that finds nothing new makes ${quiet.idleRequests} request${quiet.idleRequests === 1 ? '' : 's'} in a log with an event each five minutes.

${markdownTable(headers, rows)}`,
		plots: [
			barPlot({
				name: 'backlog',
				title: 'Reading a backlog',
				unit: 'events per second',
				categories: [...runs.keys()].map((count) => `${count.toLocaleString('en-US')} events`),
				series: {
					'Cobalt Trigger': rates('trigger'),
					'Just fetching the pages': rates('pages'),
				},
			}),
		],
	};
}

async function read(
	engine: EngineProcess<BacklogTask, BacklogResult>,
	count: number,
	spacingMs: number,
): Promise<BacklogRun> {
	const cobalt = await startCobalt({ spelling: 'prefixed' });
	try {
		const { url, keys } = cobalt;
		const start = addEvents(cobalt, count, spacingMs);
		const result = await engine.run({ url, keys, start, count });
		const asked = cobalt.world.requests({ path: '/webhook-events' });
		const idle = asked.filter(({ at }) => at >= result.idleFrom).length;
		const pages = asked.filter(({ query }) => PAGES_ONLY in query).length;
		const requests = { trigger: asked.length - idle - pages, pages };
		return { ...result, requests, idleRequests: idle };
	} finally {
		await cobalt.close();
	}
}

/** @returns a moment before the first of them */
function addEvents({ world }: Cobalt, count: number, spacingMs: number): string {
	const start = Date.now() - (count + 1) * spacingMs;
	for (let index = 1; index <= count; index += 1) {
		world.addEvent(
			{
				id: `e${index}`,
				type: 'patient.updated',
				data: { mrn: '44235', patient_name: 'Ada Byron', updated_fields: { phone: '555-0100' } },
			},
			{ at: start + index * spacingMs },
		);
	}
	return new Date(start).toISOString();
}
