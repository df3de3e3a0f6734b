import { describe, expect, it, vi } from 'vitest';

import { engineNodeTypes } from '../../../tools/n8n-host/nodeTypes.mts';
import { inVirtualTime } from '../../../tools/n8n-host/virtualTime.mts';
import {
	retryExecution,
	retryFromStart,
	startWorkflow,
} from '../../../tools/n8n-host/workflow.mts';
import { bookings, cobaltForTest, CREATE, credentialOf, submissions } from '../setup.mts';
import { callTool, outputs, toolWorkflow } from '../tool.mts';

it('changes a status back and forth as often as an agent asks', async () => {
	const cobalt = await cobaltForTest();
	const [location] = cobalt.world.locations();
	const parameters = {
		resource: 'location',
		operation: 'update',
		locationId: location?.id ?? '',
		status: '={{ ["inactive", "active", "inactive"][$runIndex] }}',
	};
	const ended = await callTool(cobalt, toolWorkflow(parameters, 3));
	expect(ended.error).toBeUndefined();
	expect(cobalt.world.requests({ method: 'PATCH' }).map(({ body }) => body)).toEqual([
		{ status: 'inactive' },
		{ status: 'active' },
		{ status: 'inactive' },
	]);
	expect(cobalt.world.locations({ id: location?.id })[0]?.status).toBe('inactive');
});

it('fetches live each time an agent asks', async () => {
	const cobalt = await cobaltForTest();
	const parameters = {
		resource: 'appointment',
		operation: 'fetchLive',
		searchBy: '={{ "mrn" }}',
		mrn: '44235',
	};
	const ended = await callTool(cobalt, toolWorkflow(parameters, 2));
	const [first, second] = outputs(ended);
	expect(cobalt.world.requests({ path: '/appointments/fetch' })).toHaveLength(2);
	expect(first?.job_id).not.toBe(second?.job_id);
});

it('tells an agent to call the tool again, and does not mention a retry', async () => {
	const cobalt = await cobaltForTest();
	cobalt.ehrWorker.plan({ outcome: 'failure' });
	const { error } = await callTool(cobalt, toolWorkflow(CREATE, 1));
	// Of the error of a tool, n8n gives an agent the message alone.
	expect(error?.message).toContain('Correct the data and call this tool again');
	expect(error?.message).not.toMatch(/retry|\[item/i);
});

it.each([
	['was booked', undefined],
	['may have been booked', { kind: 'dropAfterAccept', path: '/appointments' }],
] as const)('does not book again what %s when an agent respells the time', async (_, fault) => {
	const cobalt = await cobaltForTest();
	if (fault) cobalt.faults.add(fault);
	const times = ['2025-07-01T14:00:00-04:00', '2025-07-01T18:00:00Z', '2025-07-01 2:00 PM'];
	const parameters = { ...CREATE, datetime: `={{ ${JSON.stringify(times)}[$runIndex] }}` };
	const file = toolWorkflow(parameters, times.length);
	for (const node of file.nodes) if (node.name === 'Cobalt') node.onError = 'continueRegularOutput';
	await callTool(cobalt, file);
	expect(submissions(cobalt)).toBe(1);
});

it('tells an agent to leave a booking of unknown outcome to a person', async () => {
	const cobalt = await cobaltForTest();
	cobalt.faults.add({ kind: 'dropAfterAccept', path: '/appointments' });
	const reason = '={{ ["Cough", "Cough and fever"][$runIndex] }}';
	const file = toolWorkflow({ ...CREATE, additionalFields: { reason } }, 2);
	for (const node of file.nodes) if (node.name === 'Cobalt') node.onError = 'continueRegularOutput';
	const [, second] = outputs(await callTool(cobalt, file));
	const { description } = second?.details as { description: string };
	expect(description).toBe(
		'This tool was called before with the same required fields, in this execution or in the one that it retries, and that call may have succeeded. To prevent duplicates, nothing was submitted for this item now. Do not call this tool for it again. Ask a person to check in the EHR.',
	);
	expect(submissions(cobalt)).toBe(1);
});

it('makes the same booking once at each of two clinics', async () => {
	const cobalt = await cobaltForTest({ clinics: 2 });
	const tokens = cobalt.clinics.map(({ keys }) => keys.accessToken);
	const accessToken = `={{ ${JSON.stringify(tokens)}[$runIndex % 2] }}`;
	const ended = await callTool(cobalt, toolWorkflow(CREATE, 4), startWorkflow, { accessToken });
	expect(outputs(ended).map(({ job_status }) => job_status)).toEqual(Array(4).fill('completed'));
	expect(cobalt.clinics.map(({ world }) => world.appointments())).toEqual([
		[expect.anything()],
		[expect.anything()],
	]);
});

describe('a retry of an execution that n8n lost', () => {
	const twoBookings = toolWorkflow(
		{ ...CREATE, datetime: '={{ "2025-06-0" + ($runIndex + 2) + "T10:00:00-04:00" }}' },
		2,
	);
	const settings = { onError: 'continueRegularOutput' as const };
	for (const node of twoBookings.nodes) if (node.name === 'Cobalt') Object.assign(node, settings);

	it('repeats no booking of an agent in a retry of an execution that n8n lost', async () => {
		const cobalt = await cobaltForTest();
		await callTool(cobalt, twoBookings);
		expect(submissions(cobalt)).toBe(2);
		const retried = await callTool(cobalt, twoBookings, retryFromStart);
		expect(submissions(cobalt)).toBe(2);
		const errors = outputs(retried).map(({ error }) => error);
		expect(errors).toEqual([
			expect.stringContaining('may or may not have reached Cobalt'),
			expect.stringContaining('may or may not have reached Cobalt'),
		]);
	});

	it('makes each booking of an agent once in a retry when none was made', async () => {
		const cobalt = await cobaltForTest();
		const retried = await callTool(cobalt, twoBookings, retryFromStart);
		expect(outputs(retried).map(({ job_status }) => job_status)).toEqual([
			'completed',
			'completed',
		]);
		expect(submissions(cobalt)).toBe(2);
	});
});

describe('a call that is different each time', () => {
	const parameters = {
		...CREATE,
		additionalFields: { note: '={{ $now.toMillis() + " " + $runIndex }}' },
	};
	const settings = { onError: 'continueRegularOutput' as const };
	const calls = toolWorkflow(parameters, 2);
	for (const node of calls.nodes) if (node.name === 'Cobalt') Object.assign(node, settings);

	it.each([
		['the response was lost', { kind: 'dropAfterAccept', path: '/appointments' }],
		[
			'the result could not be read',
			{ kind: 'status', status: 401, path: '/webhook-events', times: 9 },
		],
	] as const)('does not book again for the same agent when %s', async (_what, fault) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(fault);
		await callTool(cobalt, calls);
		expect(submissions(cobalt)).toBe(1);
	});

	it('does not book again in a retry when an agent repeats a call', async () => {
		const cobalt = await cobaltForTest();
		const once = toolWorkflow(parameters, 1);
		const spy = vi
			.spyOn(engineNodeTypes.getByNameAndVersion('n8n-nodes-base.noOp'), 'execute')
			.mockRejectedValue(new Error('After failed'));
		const stopped = await callTool(cobalt, once);
		spy.mockRestore();
		// The agent behind the tool calls it again.
		const data = stopped.run.data.executionData;
		const cobaltNode = once.nodes.find(({ name }) => name === 'Cobalt');
		if (!data || !cobaltNode) throw new Error('Nothing to go on with');
		data.nodeExecutionStack = [
			{ node: cobaltNode, data: { main: [bookings(1).map((json) => ({ json }))] }, source: null },
		];
		const options = { credential: credentialOf(cobalt), executionId: 'retry' };
		await inVirtualTime(async () => await retryExecution(stopped, options).result);
		expect(submissions(cobalt)).toBe(1);
	});
});
