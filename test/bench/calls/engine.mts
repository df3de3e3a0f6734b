/** Makes calls in a process of its own, so that its processor time is theirs alone. */
import type { IDataObject } from 'n8n-workflow';

import { clearProcessedData } from '../../../tools/n8n-host/deduplication.mts';
import { respondToTasks, costOf } from '../engine.mts';
import { contenders } from './contenders.mts';
import type { CallsResult, CallsTask } from './task.mts';

respondToTasks(async (given): Promise<CallsResult> => {
	const task = given as CallsTask;
	clearProcessedData();
	const { value: responses, ...cost } = await costOf(
		async () => await contenders[task.contender](task),
	);
	return { ...cost, ids: responses.map(idIn) };
});

/** As Cobalt answers, or simplified. */
function idIn({ data, appointments, appointment_id }: IDataObject): unknown {
	const nested = (data ?? appointments ?? {}) as IDataObject;
	return appointment_id ?? nested.appointment_id ?? nested.id;
}
