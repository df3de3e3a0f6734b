/** The payloads of Cobalt's page on sync events (seeds/002), and one of an operation. */
const of = (type: string, created: string, data: Record<string, unknown>) => ({
	id: '508c368e7de13b40f9397eec966d0329',
	access_token_reference_id: 'clinic_1',
	object: 'event',
	created,
	type,
	data,
});

export const CREATED = of('appointment.created', '2025-07-28T16:05:48.929Z', {
	appointment_id: 'c5c0e613fc7d68a1c01ef4160483a0b6',
	mrn: '44235',
	date_time: '2025-07-28T16:00:00.000Z',
	timezone: 'America/New_York',
	provider_id: 'defe69ae-f363-4797-87bd-1c70acb52b21',
	provider_name: 'Dr. Jose Gonzalez',
	secondary_provider_id: null,
});

export const BOOKED = { ...CREATED, job_id: 67890 };

export const UPDATED = of('appointment.updated', '2025-07-28T08:50:42.491-07:00', {
	id: '0551c88b2249945151f967525ee3f7b4',
	ehr_appointment_id: '482129',
	patient_mrn: '804',
	patient_name: 'John Doe',
	datetime: '2025-07-28T16:00:00.000Z',
	duration: 20,
	location: '2',
	status: '2',
	provider_name: 'Dr. Michael Denenberg',
	appointment_type: 'FOLLOW-UP',
	appointment_mode: 'office',
	updated_fields: { status: '2' },
});

export const STATUS = of('appointment.status_updated', '2025-07-28T09:15:22.491-07:00', {
	id: '0551c88b2249945151f967525ee3f7b4',
	ehr_appointment_id: '482129',
	patient_mrn: '804',
	status: 'checked-in',
	previous_status: 'scheduled',
});

export const PATIENT = of('patient.updated', '2025-07-28T10:20:15.491-07:00', {
	mrn: 'MRN123456',
	patient_name: 'Jane Smith',
	updated_fields: { phone: '555-9999', email: 'jane.newemail@example.com', date_of_birth: 'x' },
});

export const LOGIN = of('access_token.login_required', '2025-07-28T10:20:15.491-07:00', {
	message: 'Account link expired',
});
