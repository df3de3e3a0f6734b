import { expect, it, onTestFinished } from 'vitest';

import { bookingsAt, FROM_ITEM, runMultiple } from '../clinics.mts';
import { cobaltForTest, CREATE } from '../setup.mts';

it('waits for the jobs of many clinics without a warning of Node', async () => {
	const warnings: string[] = [];
	const note = ({ name }: Error) => warnings.push(name);
	process.on('warning', note);
	onTestFinished(() => void process.off('warning', note));
	const cobalt = await cobaltForTest({ clinics: 12 });
	const items = bookingsAt(Array.from({ length: 12 }, (_none, index) => index));
	const ended = await runMultiple(cobalt, { parameters: { ...CREATE, ...FROM_ITEM }, items });
	expect(ended.json().map(({ job_status }) => job_status)).toEqual(items.map(() => 'completed'));
	expect(warnings).toEqual([]);
});
