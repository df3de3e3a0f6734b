import type {
	ICredentialDataDecryptedObject,
	INodeCredentialTestResult,
	INodeProperties,
	INodeType,
	NodeApiError,
} from 'n8n-workflow';

import { credentialTypes, n8nCore, n8nWorkflow, nodeTypes } from './n8n.mts';
import { executeContextOf, singleNode } from './singleNode.mts';
import { asAdditionalData } from './workflow.mts';

/**
 * Tests a credential as n8n's *Test* button does. The request runs on n8n's own RoutingNode. Reading the rules is the
 * job of n8n's server (its credentials tester) and is rebuilt here in the same order: first the network, then the
 * rules on the body, of which the first match wins.
 */
export async function testCredential(
	credential: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const test = credentialTypes.cobaltApi?.type.test;
	if (!test) throw new Error('The credential type has no test');
	const probe: INodeProperties = {
		displayName: 'Probe',
		name: 'probe',
		type: 'string',
		default: '',
		routing: { request: test.request },
	};
	const type: INodeType = {
		description: {
			displayName: 'Probe',
			name: 'probe',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name: 'Probe' },
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: 'cobaltApi', required: true }],
			properties: [probe],
		},
	};
	const single = singleNode(
		'Probe',
		'probe',
		{},
		{
			nodeTypes: {
				getByName: () => type,
				getByNameAndVersion: () => type,
				getKnownTypes: () => ({}),
			},
		},
	);
	const context = executeContextOf(single, credential, 'internal');
	try {
		const output = await new n8nCore.RoutingNode(context, type, {
			id: '1',
			name: 'Cobalt',
			type: 'cobaltApi',
			data: credential,
		}).runNode();
		const body: unknown = output?.[0]?.[0]?.json;
		for (const { properties } of test.rules ?? []) {
			if (!('key' in properties)) continue;
			const value =
				typeof body === 'object' && body !== null
					? (body as Record<string, unknown>)[properties.key]
					: undefined;
			if (value === properties.value) return { status: 'Error', message: properties.message };
		}
		return { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		return { status: 'Error', message: messageOf(error as NodeApiError) };
	}
}

/**
 * The same for a credential type that has no test itself: n8n's server calls the function that a node names as
 * `testedBy`, in n8n-core's own context (cli: services/credentials-tester.service.js, getCredentialTestFunction).
 */
export async function testByNode(
	type: string,
	data: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	if (credentialTypes[type]?.type.test) throw new Error(`${type} has a test itself`);
	const nodes = Object.values(nodeTypes).map((loaded) =>
		n8nWorkflow.NodeHelpers.getVersionedNodeType(loaded.type),
	);
	const tests = nodes.flatMap(({ description, methods }) => {
		const used = description.credentials?.find(({ name }) => name === type);
		const testedBy = used?.testedBy;
		const test = typeof testedBy === 'string' ? methods?.credentialTest?.[testedBy] : undefined;
		return test ? [test] : [];
	});
	const [test] = tests;
	if (!test) throw new Error(`No node tests ${type}`);
	const context = new n8nCore.CredentialTestContext(asAdditionalData({}));
	return await test.call(context, { id: '1', name: 'Cobalt', type, data });
}

/** The status text of a response, the code of a broken connection, or else the message. */
function messageOf(error: NodeApiError): string {
	const cause = (error.cause ?? {}) as {
		response?: { status: number; statusText: string };
		code?: string;
	};
	return cause.response?.statusText ?? cause.code ?? error.message;
}
