import type { INodeParameters } from 'n8n-workflow';
import { expect, it } from 'vitest';

import { n8nWorkflow } from '../../tools/n8n-host/n8n.mts';
import { engineNodeTypes } from '../../tools/n8n-host/nodeTypes.mts';
import { node } from '../../tools/n8n-host/workflowFile.mts';
import { trigger, triggerProperties } from '../nodeProperties.mts';

const nodeOf = (parameters: INodeParameters) =>
	node('Trigger', 'n8n-nodes-cobalt.cobaltTrigger', { parameters });

/** What the editor makes of an expression in the description. */
function evaluated(expression: string | undefined, parameters: INodeParameters): unknown {
	const { Workflow } = n8nWorkflow;
	const of = nodeOf(parameters);
	const workflow = new Workflow({
		nodes: [of],
		connections: {},
		active: false,
		nodeTypes: engineNodeTypes,
	});
	return workflow.expression.getSimpleParameterValue(of, expression, 'internal', {});
}

const isShown = (name: string, parameters: INodeParameters): boolean =>
	triggerProperties
		.filter((property) => property.name === name)
		.some((property) =>
			n8nWorkflow.NodeHelpers.displayParameter(
				parameters,
				property,
				nodeOf(parameters),
				trigger ?? null,
			),
		);

it.each([
	[['appointment.created'], 'Appointment Created'],
	[['patient.updated', 'jobFinished'], 'Patient Updated, Job Finished'],
	[['claim.created'], 'claim.created'],
	[[], ''],
])('shows the chosen events below its name: %j', (events, shown) => {
	expect(evaluated(trigger?.subtitle, { events })).toBe(shown);
});

it.each([
	[{ source: 'any', events: ['appointment.created'] }, true],
	[{ source: 'any', events: ['access_token.login_required', 'task.created'] }, true],
	[{ source: 'any', events: ['all'] }, true],
	[{ source: 'any', events: ['access_token.login_required'] }, false],
	[{ source: 'any', events: [] }, false],
	[{ source: 'ehr_staff', events: ['appointment.created'] }, false],
])('warns of a loop where its own operations may start it: %j', (parameters, isWarned) => {
	expect(isShown('loopNotice', parameters)).toBe(isWarned);
});

it.each([
	[{ mode: 'polling' }, true],
	[{ mode: 'webhook', recoverMissedEvents: true }, true],
	[{ mode: 'webhook', recoverMissedEvents: false }, false],
])('says when a run may have several items: %j', (parameters, isSaid) => {
	const conditions = trigger?.hints?.map(({ displayCondition }) => displayCondition);
	expect(conditions).toHaveLength(1);
	expect(evaluated(conditions?.[0], parameters)).toBe(isSaid);
});

it('makes n8n evaluate no expression in a delivery: its sandbox takes longer than the delivery', () => {
	const webhooks = trigger?.webhooks ?? [];
	expect(webhooks.map(n8nWorkflow.webhookDescriptionIsNativelyResolvable)).toEqual([true]);
	// For nodes of version 1, n8n evaluates one of its own.
	expect(trigger?.defaultVersion).toBeGreaterThan(1);
});
