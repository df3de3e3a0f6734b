import { describe, expect, it } from 'vitest';

import { openReceiver } from './receiver.mts';
import {
	BOOKING,
	eventsOf,
	idsOf,
	listOf,
	openCobalt,
	jobEventOf,
	advanceSeconds,
	freezeClock,
	type Client,
} from './setup.mts';

freezeClock();

const VISIT = {
	patient_mrn: '804',
	datetime: '2025-03-15T09:00:00-04:00',
	provider_ehr_id: '118',
	location: '2',
	appointment_type: 'follow_up',
};

async function newest(client: Client) {
	const [event] = eventsOf(await client.get('/webhook-events'));
	expect(event).not.toHaveProperty('job_id');
	return { type: event?.type, data: event?.data };
}

async function booked() {
	const { cobalt, client } = await openCobalt();
	const visit = cobalt.world.inEhr.book(VISIT);
	advanceSeconds(60);
	const { id, ehr_appointment_id } = visit;
	return { cobalt, client, visit, inEhr: cobalt.world.inEhr, ids: { id, ehr_appointment_id } };
}

const WHOSE = {
	patient_mrn: '804',
	patient_name: 'John Doe',
	datetime: '2025-03-15T13:00:00.000Z',
};
const PROVIDER = { provider_name: 'Dr. Michael Denenberg' };

describe('the staff', () => {
	it('logs an event when the staff books an appointment', async () => {
		const { cobalt, client, visit } = await booked();
		expect(await newest(client)).toEqual({
			type: 'appointment.created',
			data: {
				appointment_id: visit.id,
				mrn: '804',
				date_time: '2025-03-15T13:00:00.000Z',
				timezone: 'America/New_York',
				provider_id: cobalt.world.providers({ ehr_id: '118' })[0]?.id,
				...PROVIDER,
				secondary_provider_id: null,
			},
		});
		const day = { start_date: '2025-03-15', end_date: '2025-03-15' };
		expect(listOf(await client.get('/appointments', day), 'appointments')).toMatchObject([
			{ id: visit.id, status: 'scheduled', object_metadata: null },
		]);
	});

	it('logs an event when the staff updates an appointment', async () => {
		const { cobalt, client, inEhr, ids } = await booked();
		inEhr.updateAppointment(ids.id, { duration: 20, datetime: '2025-03-15T10:00:00-04:00' });
		const datetime = '2025-03-15T14:00:00.000Z';
		expect(await newest(client)).toEqual({
			type: 'appointment.updated',
			data: {
				...ids,
				...WHOSE,
				datetime,
				duration: 20,
				location: '2',
				status: 'scheduled',
				...PROVIDER,
				appointment_type: 'follow_up',
				appointment_mode: 'office',
				updated_fields: { duration: 20, datetime },
			},
		});
		expect(cobalt.world.appointments(ids)).toMatchObject([{ duration: 20 }]);
	});

	it('logs an event when the staff changes the status of an appointment', async () => {
		const { cobalt, client, inEhr, ids } = await booked();
		inEhr.setStatus(ids.id, 'CHK');
		expect(await newest(client)).toEqual({
			type: 'appointment.status_updated',
			data: { ...ids, ...WHOSE, status: 'CHK', previous_status: 'scheduled', ...PROVIDER },
		});
		expect(cobalt.world.appointments({ status: 'CHK' })).toHaveLength(1);
	});

	it('logs an event when the staff cancels an appointment', async () => {
		const { cobalt, client, inEhr, ids } = await booked();
		inEhr.cancel(ids.id);
		expect(await newest(client)).toEqual({
			type: 'appointment.cancelled',
			data: {
				id: ids.id,
				date_time: WHOSE.datetime,
				duration: 30,
				provider_id: 118,
				...PROVIDER,
				mrn: 804,
				cancelled_at: '2025-03-01T12:01:00.000Z',
			},
		});
		expect(cobalt.world.appointments({ status: 'CANC' })).toHaveLength(1);
	});

	it('logs an event when the staff updates a patient', async () => {
		const { cobalt, client, inEhr } = await booked();
		const changes = { phone: '555-9999', email: 'jane.newemail@example.com' };
		inEhr.updatePatient('MRN123456', changes);
		expect(await newest(client)).toEqual({
			type: 'patient.updated',
			data: { mrn: 'MRN123456', patient_name: 'Jane Smith', updated_fields: changes },
		});
		expect(cobalt.world.patients(changes)).toMatchObject([{ mrn: 'MRN123456' }]);
	});

	it('refuses changes by the staff to records that the EHR does not have', async () => {
		const { inEhr } = await booked();
		expect(() => {
			inEhr.cancel('0');
		}).toThrow('no appointment 0');
		expect(() => {
			inEhr.updatePatient('9', {});
		}).toThrow('no patient with the MRN 9');
	});

	it("lets the staff change and block Cobalt's own bookings", async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.world.inEhr.book({
			...VISIT,
			provider_ehr_id: BOOKING.provider,
			datetime: BOOKING.datetime,
		});
		const exclusive = { ...BOOKING, prevent_double_booking: 'true' };
		const refused = await jobEventOf(client, await client.post('/appointments', exclusive));
		expect(refused.type).toBe('appointment.failed');
		const { appointment_id } = idsOf(await client.post('/appointments', BOOKING));
		advanceSeconds(600);
		cobalt.world.inEhr.setStatus(String(appointment_id), 'CHK');
		expect(await newest(client)).toMatchObject({ data: { previous_status: 'scheduled' } });
	});

	it('can list events of the staff late, twice, with another date or of another clinic', async () => {
		const { cobalt, client } = await openCobalt({ loopbackWebhooks: true });
		const receiver = await openReceiver();
		await client.post('/webhook', { webhook_url: receiver.url });
		const { inEhr } = cobalt.world;
		const notice = {
			id: 'e',
			created: '2025-02-28T23:00:00.000-08:00',
			reference: 'clinic_2',
			lateBySeconds: 60,
			copies: 2,
		};
		const { id } = inEhr.book(VISIT, notice);
		inEhr.updateAppointment(id, {}, notice);
		inEhr.setStatus(id, 'CHK', notice);
		inEhr.cancel(id, notice);
		inEhr.updatePatient('804', {}, notice);
		await cobalt.delivered();
		expect(receiver.arrivals).toHaveLength(10);
		expect(eventsOf(await client.get('/webhook-events'))).toEqual([]);
		advanceSeconds(60);
		const listed = eventsOf(await client.get('/webhook-events'));
		expect(listed).toHaveLength(10);
		const shown = { id, created: notice.created, access_token_reference_id: 'clinic_2' };
		for (const event of listed) expect(event).toMatchObject({ ...shown, id: 'e' });
	});
});

describe('the account', () => {
	it.each(['clinic_1', 'clinic_2'])('logs an expired login of %s', async (clinic) => {
		const { cobalt, client } = await openCobalt();
		const reference = clinic === 'clinic_1' ? {} : { reference: clinic };
		cobalt.world.account.loginExpires({ ...reference, errorType: 'password_expired' });
		expect(cobalt.world.settings.loginExpired).toBe(false);
		expect(eventsOf(await client.get('/webhook-events'))).toMatchObject([
			{ access_token_reference_id: clinic },
		]);
		expect(await newest(client)).toEqual({
			type: 'access_token.login_required',
			data: {
				access_token_reference_id: clinic,
				emr_instance_domain: expect.any(String) as string,
				message: expect.any(String) as string,
				error_type: 'password_expired',
			},
		});
	});

	it('logs a password warning, and an expired login without an error type', async () => {
		const { cobalt, client } = await openCobalt();
		cobalt.world.account.loginExpires({ domain: 'a.example.com', id: '1' });
		expect((await newest(client)).data).toEqual({
			access_token_reference_id: 'clinic_1',
			emr_instance_domain: 'a.example.com',
			message: expect.any(String) as string,
		});
		advanceSeconds(1);
		cobalt.world.account.passwordChangeWarning({ copies: 2 });
		expect((await newest(client)).type).toBe('access_token.password_change_warning');
		expect(cobalt.world.events()).toHaveLength(3);
	});
});
