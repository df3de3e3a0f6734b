import { describe, inject, it } from 'vitest';

import { contenders, type ContenderName } from './contenders.mts';
import { measure, type Measurement } from './measurement.mts';
import { workOf } from './work.mts';

declare module 'vitest' {
	/** What main.mts asks for. */
	interface ProvidedContext {
		seed: number;
		counts: number[];
	}

	/** What it gets. */
	interface TaskMeta {
		measurement?: Measurement;
	}
}

const names = Object.keys(contenders) as ContenderName[];

describe.each(inject('counts'))('%d jobs', (count) => {
	// Without more of them: each virtual second of so many executions takes real ones.
	const measured = names.filter((name) =>
		name === 'nodeExecutions' ? count <= 500 : count !== 500,
	);
	it.for(measured)('%s', async (name, { task }) => {
		task.meta.measurement = await measure(name, workOf(inject('seed'), count));
	});
});
