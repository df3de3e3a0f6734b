import { route } from '../route.mts';

export const accountRoutes = [
	route({
		method: 'GET',
		path: '/settings',
		run({ ehr }) {
			const { access_token_reference_id, timezone } = ehr.settings;
			const { visit_types, visit_statuses, required_patient_fields } = ehr.settings;
			return {
				success: true,
				data: {
					access_token_reference_id,
					visit_types,
					visit_statuses,
					required_patient_fields,
					timezone,
				},
			};
		},
	}),
	route({
		method: 'GET',
		path: '/providers',
		run: ({ ehr }) => ({ success: true, providers: ehr.providers }),
	}),
	route({
		method: 'GET',
		path: '/locations',
		run: ({ ehr }) => ({ success: true, locations: ehr.locations }),
	}),
];
