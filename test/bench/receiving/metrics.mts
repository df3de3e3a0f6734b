import axios from 'axios';

import type { Stage } from '../../../tools/n8n/stage.mts';

/** Environment of an n8n that tells {@link cpuMsOf}. */
export const WITH_METRICS = { N8N_METRICS: 'true' };

const CPU_SECONDS = /^n8n_process_cpu_seconds_total (\S+)/m;

/** The processor time of an n8n since its start, in milliseconds, as it tells Prometheus. */
export async function cpuMsOf({ url }: Stage): Promise<number> {
	const { data } = await axios.get<string>(`${url}/metrics`);
	const seconds = CPU_SECONDS.exec(data)?.[1];
	if (seconds === undefined) throw new Error('n8n tells no processor time');
	return Number(seconds) * 1000;
}
