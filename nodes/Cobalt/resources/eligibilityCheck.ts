import { options, codeWord, identifier, required } from '../declarations/field';
import { GET_MANY, type Resource } from '../declarations/operation';
import { startBeforeEnd } from '../declarations/rules';
import { days, filters, patientMrn } from './sharedFields';

export const eligibilityCheck: Resource = {
	value: 'eligibilityCheck',
	name: 'Eligibility Check',
	defaultOperation: GET_MANY,
	operations: [
		{
			kind: 'list',
			value: 'getBenefits',
			name: 'Get Benefits',
			action: 'Get eligibility check benefits',
			description: 'Retrieve a list of the benefits found by an eligibility check',
			path: '/eligibility-checks/{id}/benefits',
			key: 'benefits',
			pageSize: 500,
			fields: [
				required(
					identifier('id', 'Eligibility Check ID', {
						name: 'eligibilityCheckId',
						placeholder: 'e.g. 1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f',
						description: "The check's Cobalt ID (eligibility_check_id), returned by 'Get Many'",
					}),
				),
			],
			optional: filters([
				codeWord('benefit_type', 'Benefit Type', {
					placeholder: 'e.g. deductible',
					description: 'The exact type, as returned without this filter',
				}),
			]),
			simplified: [
				'line_number',
				'benefit_type',
				'coverage_level',
				'service_type_codes',
				'insurance_type',
				'time_period',
				'amount',
				'percent',
				'network_indicator',
				'messages',
			],
		},
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many eligibility checks',
			description: 'Retrieve a list of insurance eligibility checks and their coverage status',
			path: '/eligibility-checks',
			key: 'eligibility_checks',
			pageSize: 500,
			fields: [],
			optional: filters([
				options('coverage_status', 'Coverage Status', [
					{ name: 'Active', value: 'active' },
					{ name: 'Error', value: 'error' },
					{ name: 'Inactive', value: 'inactive' },
					{ name: 'Unknown', value: 'unknown' },
				]),
				...days('of service'),
				patientMrn(),
			]),
			rules: [startBeforeEnd],
			simplified: [
				'patient_name',
				'coverage_status',
				'service_date',
				'status_message',
				'payer_name',
				'plan_name',
				'subscriber_member_id',
				'benefits_summary',
				'benefit_count',
				['eligibility_check_id', 'id'],
			],
		},
	],
};
