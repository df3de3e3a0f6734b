import type { INodeProperties } from 'n8n-workflow';

/** Which of the two credential types a node uses. n8n's editor shows the choice above the credential. */
export const authentication: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'One Clinic', value: 'oneClinic' },
		{ name: 'Multiple Clinics', value: 'multipleClinics' },
	],
	default: 'oneClinic',
};

/**
 * When the credential for one clinic is shown. Nodes saved before this choice existed have no value, and n8n
 * fills in defaults only in some places: list searches would have no credential.
 */
export const withOneClinic = {
	show: { authentication: ['oneClinic', undefined] },
};

/** When the credential for several clinics is shown. */
export const withMultipleClinics = {
	show: { authentication: ['multipleClinics'] },
};
