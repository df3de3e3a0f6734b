import { describe, expect, it } from 'vitest';

import { nodeTypes, PACKAGE_NAME } from '../tools/n8n-host/n8n.mts';
import { inVirtualTime } from '../tools/n8n-host/virtualTime.mts';
import { startWorkflow } from '../tools/n8n-host/workflow.mts';
import { example, exampleNames } from '../tools/n8n-host/workflowFile.mts';
import { cobaltForTest, credentialOf } from './Cobalt/setup.mts';

describe.each(exampleNames())('%s', (name) => {
	it('uses only nodes and fields that exist', () => {
		const ours = example(name).nodes.filter(({ type }) => type.startsWith(PACKAGE_NAME));
		expect(ours.length).toBeGreaterThan(0);
		for (const { type, parameters } of ours) {
			const description = nodeTypes[type.slice(PACKAGE_NAME.length + 1)]?.type.description;
			const known =
				description && 'properties' in description
					? description.properties.map((property) => property.name)
					: [];
			expect(known).toEqual(expect.arrayContaining(Object.keys(parameters)));
		}
	});
});

it('book-appointments: one is booked, one refused, one pending and found later', async () => {
	const cobalt = await cobaltForTest();
	const of = (mrn: string) => (body: Record<string, unknown>) => body.mrn === mrn;
	cobalt.ehrWorker.plan({ match: of('44235'), seconds: 2 });
	cobalt.ehrWorker.plan({
		match: of('804'),
		outcome: 'failure',
		seconds: 1,
		failureReason: 'Slot taken.',
	});
	cobalt.ehrWorker.plan({ match: of('MRN123456'), seconds: 30 });
	const ended = await inVirtualTime(
		async () =>
			await startWorkflow(example('book-appointments'), {
				credential: credentialOf(cobalt),
			}).result,
	);
	expect(ended.json('Book Appointment').map(({ job_status }) => job_status)).toEqual([
		'completed',
		'pending',
	]);
	expect(ended.json('Needs a Look')).toEqual([
		expect.objectContaining({ error: expect.stringContaining('Slot taken.') as string }),
	]);
	expect(ended.json('Booked').map(({ job_status }) => job_status)).toEqual([
		'completed',
		'completed',
	]);
	expect(cobalt.world.appointments()).toHaveLength(3);
});
