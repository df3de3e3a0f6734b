import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import { money } from '../../shared/parsers/number';
import { day, identifier, longText, number, required, text } from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import type { Resource } from '../declarations/operation';
import { clinicDay } from '../parsers/yearRange';
import { additionalFields, location, patientMrn } from './sharedFields';

export const payment: Resource = {
	value: 'payment',
	name: 'Payment',
	defaultOperation: 'create',
	operations: [
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create payment',
			description:
				"Create a payment of a patient in the EHR's ledger. Creates a real payment: Cobalt posts the same reference number twice if asked twice.",
			method: 'POST',
			path: '/payments',
			fields: [
				patientMrn(),
				number('amount', 'Amount', {
					initially: 0,
					read: money(0.01, 1_000_000),
					description: 'Amount that the patient paid',
				}),
				text('payment_method', 'Payment Method', {
					placeholder: 'e.g. Card',
					description: 'The name of the payment method, exactly as it is set up in the EHR',
				}),
				identifier('reference_number', 'Reference Number', {
					placeholder: 'e.g. ch_3PqX2L',
					description: 'Your own number for the payment. Cobalt does not check whether it is new.',
				}),
				location('location', 'Where the payment was made'),
			].map(required),
			optional: additionalFields([
				day('deposit_date', 'Deposit Date', {
					read: clinicDay,
					placeholder: 'e.g. 2025-03-15',
					description: 'Day of the deposit. If empty, Cobalt uses today.',
				}),
				longText('notes', 'Notes', { placeholder: 'e.g. Copayment of the visit' }),
			]),
			subject: ['patient_mrn', 'amount', 'reference_number'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'payment_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
	],
};
