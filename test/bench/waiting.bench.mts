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
	it.for(names)('%s', async (name, { task }) => {
		task.meta.measurement = await measure(name, workOf(inject('seed'), count));
	});
});
