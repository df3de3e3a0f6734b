import type { IDataObject } from 'n8n-workflow';

import { startCobalt, type Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { clearProcessedData } from '../../../tools/n8n-host/deduplication.mts';
import { after } from '../../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, type Ended } from '../../../tools/n8n-host/workflow.mts';
import type { WorkflowFile } from '../../../tools/n8n-host/workflowFile.mts';
import { bookings, CREATE, retry, runFile, type Timing } from '../../Cobalt/setup.mts';
import { cutOff, GO_ON, type CutOff } from '../setup.mts';
import type { Scenario } from './scenario.mts';

/** One execution: the first one, or a Retry. */
export interface Execution extends CutOff {
	/** Epoch milliseconds. */
	beganAt: number;
}

/** What came of a scenario. */
export interface Played {
	scenario: Scenario;
	cobalt: Cobalt;
	items: IDataObject[];
	/** In the last one, each item reports its status. */
	executions: Execution[];
}

/** Between an execution and its retry. */
const PAUSE_MS = 120_000;

/** How often the execution is retried before the node is set to continue on errors. */
const MAX_RETRIES = 3;

/** Plays a scenario until each item has reported its status. The caller closes the fake Cobalt. */
export async function play(scenario: Scenario): Promise<Played> {
	clearProcessedData();
	const cobalt = await startCobalt(scenario.cobalt);
	scenario.plans.forEach((plan) => {
		cobalt.ehrWorker.plan(plan);
	});
	scenario.faults.forEach((fault) => {
		cobalt.faults.add(fault);
	});
	const { begin, options, settings } = scenario;
	const cancels = [...scenario.cancels];
	const items = bookings(scenario.count);
	const executions: Execution[] = [];
	/** The workflow, edited before each retry. */
	const editedFile = (how: typeof settings): WorkflowFile => {
		const note = scenario.notes[executions.length];
		const parameters = { ...CREATE, options, ...(note && { additionalFields: { note } }) };
		return cobaltWorkflow(parameters, { items, settings: how });
	};

	const execute = async (work: (timing: Timing) => Promise<Ended>): Promise<CutOff> => {
		const beganAt = (executions.at(-1)?.endedAt ?? begin - PAUSE_MS) + PAUSE_MS;
		const now = new Date(beganAt).toISOString();
		const cancel = cancels[executions.length] ?? Infinity;
		const execution = await cutOff(cancel, async (timing) => await work({ ...timing, now }));
		executions.push({ ...execution, beganAt });
		return execution;
	};

	let { ended } = await execute(async (timing) => {
		const file = editedFile(settings);
		return await runFile(cobalt, file, withForeignEvents(timing, scenario, cobalt));
	});
	for (let count = 0; count < MAX_RETRIES && ended.error; count += 1) {
		const file = editedFile(settings);
		({ ended } = await execute(async (timing) => await retry(cobalt, ended, { ...timing, file })));
	}
	if (ended.error) {
		cancels.length = 0;
		const continuing = editedFile(GO_ON);
		await execute(async (timing) => await retry(cobalt, ended, { ...timing, file: continuing }));
	}
	return { scenario, cobalt, items, executions };
}

/** Adds events of other users while the execution runs. */
function withForeignEvents(timing: Timing, { foreign }: Scenario, { world }: Cobalt): Timing {
	return {
		...timing,
		meanwhile(execution) {
			timing.meanwhile?.(execution);
			for (const { at, count } of foreign) {
				after(at, () => {
					for (let index = 0; index < count; index += 1) {
						world.addEvent({ type: 'appointment.created', data: { mrn: '804' } });
					}
				});
			}
		},
	};
}
