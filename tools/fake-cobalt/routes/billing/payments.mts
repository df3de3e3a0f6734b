import { Refusal } from '../../server/response.mts';
import { submission } from '../../server/submission.mts';
import { day, numberFrom, optional, required, text } from '../../server/validation.mts';
import { createPayment } from '../../tasks/payments.mts';
import type { Payment } from '../../world/records.mts';
import { checkEhrIds, knownPatient } from '../lookups.mts';

export const paymentRoutes = [
	submission({
		method: 'POST',
		path: '/payments',
		body: {
			patient_mrn: required(text),
			payment_method: required(text),
			// Documented: a repeated request posts the payment once more.
			reference_number: required(text),
			location: required(text),
			amount: required(numberFrom(0)),
			notes: optional(text),
			deposit_date: optional(day),
		},
		message: 'Payment processing. A webhook event will be sent upon completion.',
		accept(context, { body }) {
			const { ehr, ids, clock } = context;
			if (body.amount === 0) throw new Refusal(400, 'Invalid value for field: amount.');
			knownPatient(ehr, body.patient_mrn);
			checkEhrIds(ehr, { locations: [body.location] });
			const record: Payment = {
				id: ids.id(),
				state: 'pending',
				patient_mrn: body.patient_mrn,
				payment_method: body.payment_method,
				reference_number: body.reference_number,
				location: body.location,
				amount: body.amount,
				notes: body.notes ?? null,
				deposit_date: body.deposit_date ?? clock.now().slice(0, 10),
			};
			ehr.payments.push(record);
			return { ids: { payment_id: record.id }, task: createPayment(context, record, body) };
		},
	}),
];
