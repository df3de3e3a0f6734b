import { startCobalt, type Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { bookings } from '../bookings.mts';
import { EngineProcess } from '../engine.mts';
import type { Bench } from '../bench.mts';
import type { CallsResult, CallsTask, ContenderName, Kind } from './task.mts';

/** What each contender needed in each run. The runs have the same order for all. */
export type CallCosts = Record<ContenderName, CallsResult[]>;

const CONTENDERS: ContenderName[] = ['node', 'httpRequest', 'n8nClient', 'axios'];

/** The jobs of the submissions do not end while they are measured. */
const ENDLESS = { medianSeconds: 86_400 };

/**
 * Lets all contenders make the same calls, in turns, and checks what Cobalt has got and what they have read.
 *
 * @param count calls in each run
 */
export async function measureCalls(
	{ installation, packageFolder, rounds }: Bench,
	kind: Kind,
	count: number,
): Promise<CallCosts> {
	const engine = await EngineProcess.start<CallsTask, CallsResult>(
		new URL('engine.mts', import.meta.url),
		installation,
		packageFolder,
	);
	const costs: CallCosts = { node: [], httpRequest: [], n8nClient: [], axios: [] };
	try {
		// The first round is for the compiler.
		for (let round = 0; round <= rounds; round += 1) {
			for (const [turn] of CONTENDERS.entries()) {
				const contender = CONTENDERS[(turn + round) % CONTENDERS.length] ?? 'node';
				const result = await runOnce(engine, contender, kind, count);
				if (round > 0) costs[contender].push(result);
			}
		}
	} finally {
		await engine.stop();
	}
	return costs;
}

async function runOnce(
	engine: EngineProcess<CallsTask, CallsResult>,
	contender: ContenderName,
	kind: Kind,
	count: number,
): Promise<CallsResult> {
	const cobalt = await startCobalt(ENDLESS);
	try {
		const items = kind === 'read' ? idsOf(cobalt, count) : bookings(count);
		const { url, keys } = cobalt;
		const result = await engine.run({ contender, kind, url, keys, items });
		const isDone =
			kind === 'read' ? isRead(cobalt, items, result) : isWritten(cobalt, items, result);
		if (!isDone) throw new Error(`${contender} has not made each ${kind} once`);
		return result;
	} finally {
		await cobalt.close();
	}
}

/** Appointments to read. */
function idsOf({ world }: Cobalt, count: number): CallsTask['items'] {
	return bookings(count).map(({ mrn, datetime, provider, location, type }) => {
		const { id } = world.inEhr.book({
			datetime,
			appointment_type: type,
			location,
			patient_mrn: mrn,
			provider_ehr_id: provider,
		});
		return { id };
	});
}

function isRead({ world }: Cobalt, items: CallsTask['items'], { ids }: CallsResult): boolean {
	const requests = world.requests({ method: 'GET', path: '/appointment' });
	return requests.length === items.length && items.every(({ id }, index) => ids[index] === id);
}

function isWritten({ world }: Cobalt, items: CallsTask['items'], { ids }: CallsResult): boolean {
	const made = new Map(world.appointments().map(({ id, datetime }) => [id, Date.parse(datetime)]));
	return (
		made.size === items.length &&
		items.every(
			({ datetime }, index) => made.get(String(ids[index])) === Date.parse(datetime ?? ''),
		)
	);
}
