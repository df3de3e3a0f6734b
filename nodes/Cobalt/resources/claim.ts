import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import { cobaltId } from '../../shared/parsers/id';
import { required, text } from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import { GET_MANY, type Resource } from '../declarations/operation';
import { startBeforeEnd } from '../declarations/rules';
import { days } from './sharedFields';

export const claim: Resource = {
	value: 'claim',
	name: 'Claim',
	defaultOperation: GET_MANY,
	operations: [
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create claim',
			description:
				"Create a claim for an appointment's visit in the EHR. Creates a real claim. eClinicalWorks only.",
			method: 'POST',
			path: '/claims',
			fields: [
				required(
					text('appointment_id', 'Appointment ID', {
						placeholder: 'e.g. c5c0e613fc7d68a1c01ef4160483a0b6',
						description:
							"The appointment's Cobalt ID (appointment_id). It must be in the EHR and have no claim yet.",
						read: cobaltId,
					}),
				),
			],
			subject: ['appointment_id'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'claim_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many claims',
			description: 'Retrieve a list of claims by date of service',
			path: '/claims',
			key: 'claims',
			fields: days('of service').map(required),
			rules: [startBeforeEnd],
			simplified: [
				'service_date',
				'patient_name',
				'claim_status_description',
				'provider_name',
				'total_charge',
				'total_payment',
				'balance',
				['claim_id', 'id'],
				'emr_claim_id',
				'emr_appointment_id',
			],
		},
	],
};
