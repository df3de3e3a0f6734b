import { byId, type Prepare } from '../setup.mts';

const appointments: Prepare = () => ({
	method: 'POST',
	full: {
		parameters: {
			searchBy: 'provider',
			startDate: '2025-06-02T00:00:00',
			endDate: '2025-06-06',
			providerIds: ['118'],
		},
		path: '/appointments/fetch',
		body: {
			search_by: 'provider',
			start_date: '2025-06-02',
			end_date: '2025-06-06',
			provider_ids: ['118'],
		},
	},
	minimal: {
		parameters: { searchBy: 'mrn', mrn: '={{ 44235 }}' },
		path: '/appointments/fetch',
		body: { search_by: 'mrn', mrn: '44235' },
	},
	timeout: 180,
	event: 'appointment.live_fetch_completed',
});

const patients: Prepare = () => ({
	method: 'POST',
	full: {
		parameters: {
			searchBy: 'name',
			firstName: 'sa',
			lastName: 'tay',
			additionalFields: { include: ['insurances', 'tasks'] },
		},
		path: '/patients/fetch',
		body: {
			search_by: 'name',
			first_name: 'sa',
			last_name: 'tay',
			include: ['insurances', 'tasks'],
		},
	},
	minimal: {
		parameters: { searchBy: 'mrn', mrn: '804' },
		path: '/patients/fetch',
		body: { search_by: 'mrn', mrn: '804' },
	},
	timeout: 180,
	event: 'patient.live_fetch_completed',
});

const availability: Prepare = () => ({
	method: 'POST',
	full: {
		parameters: {
			startDate: '2025-06-02',
			endDate: '2025-06-02',
			providerIds: ['118', '123456789'],
			additionalFields: { locationIds: ['2', '123456789'] },
			options: {
				buffer: 15,
				calculationMethod: 'equal_slots',
				dailyAppointmentLimit: 20,
				dailyLimitType: 'provider',
				facilityScopedScheduling: true,
				fallbackToDefaultHours: false,
				maxSlotDuration: '={{ "45" }}',
				providerType: 'secondary',
				visitType: byId('follow_up'),
			},
		},
		path: '/availability/fetch',
		body: {
			start_date: '2025-06-02',
			end_date: '2025-06-02',
			provider_ids: ['118', '123456789'],
			buffer: 15,
			calculation_method: 'equal_slots',
			daily_appointment_limit: 20,
			daily_limit_type: 'provider',
			facility_scoped_scheduling: true,
			fallback_to_default_hours: false,
			location_ids: ['2', '123456789'],
			max_slot_duration: 45,
			provider_type: 'secondary',
			visit_type: 'follow_up',
		},
	},
	minimal: {
		parameters: { startDate: '2025-06-02', endDate: '2025-06-07', providerIds: '118' },
		path: '/availability/fetch',
		body: { start_date: '2025-06-02', end_date: '2025-06-07', provider_ids: ['118'] },
	},
	timeout: 180,
	event: 'availability.live_fetch_completed',
});

export const liveFetches: Record<string, Prepare> = {
	'appointment.fetchLive': appointments,
	'availability.fetchLive': availability,
	'patient.fetchLive': patients,
};
