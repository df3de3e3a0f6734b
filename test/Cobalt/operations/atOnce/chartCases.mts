import type { World } from '../../../../tools/fake-cobalt/index.mts';
import { FIFTY, IN_JUNE, JUNE, first, picked, type Case } from './case.mts';

const MARIA = {
	mrn: '44235',
	first_name: 'Maria',
	last_name: 'Alvarez',
	dob: '1984-03-12',
	sex: 'female',
	phone: '5185550201',
};

/** Reads about patients and their visits. */
export const chartCases: Record<string, (world: World) => Case> = {
	'appointment: get'(world) {
		const { id, datetime } = first(world.appointments());
		return {
			full: { appointmentId: id },
			sent: { method: 'GET', path: `/appointment/${id}` },
			item: () => ({
				appointment_id: id,
				datetime: new Date(datetime).toISOString(),
				status: 'scheduled',
				appointment_type: 'follow_up',
				location: '2',
				mrn: '44235',
				patient_name: 'Maria Alvarez',
				provider_ehr_id: '118',
			}),
		};
	},

	'appointment: getAll'(world) {
		const { id, datetime } = first(world.appointments());
		return {
			full: {
				...JUNE,
				filters: {
					appointmentMode: 'office',
					includeNote: true,
					patientMrn: '44235',
					patientName: 'alv',
					patientPhone: '518-555-0201',
				},
			},
			sent: {
				method: 'GET',
				path: '/appointments',
				query: {
					...IN_JUNE,
					appointment_mode: 'office',
					include_note: 'true',
					patient_mrn: '44235',
					patient_name: 'alv',
					patient_phone: '518-555-0201',
				},
			},
			bare: JUNE,
			sentBare: { method: 'GET', path: '/appointments', query: IN_JUNE },
			item: () => ({
				appointment_id: id,
				datetime: new Date(datetime).toISOString(),
				duration: 30,
				status: 'scheduled',
				appointment_type: 'follow_up',
				location: '2',
				mrn: '44235',
				patient_name: 'Maria Alvarez',
				provider_ehr_id: '118',
				provider_name: 'Dr. Michael Denenberg',
				note: null,
				progress_note: null,
			}),
		};
	},

	'availability: findSlots': () => ({
		full: {
			...JUNE,
			duration: 45,
			options: {
				countedFrom: 'midnight',
				freeAfter: 15,
				freeBefore: 30,
				interval: 30,
				notice: 60,
				timezone: 'America/Chicago',
				buffer: 15,
				calculationMethod: 'gaps',
				dailyAppointmentLimit: 12,
				dailyLimitType: 'provider',
				facilityScopedScheduling: true,
				fallbackToDefaultHours: false,
				providerType: 'secondary',
				visitType: picked('follow_up', 'Follow-up (follow_up)'),
			},
			filters: {
				weekdays: ['monday', 'Tuesday'],
				hoursFrom: '8:15 am',
				hoursTo: '24:00',
				locationIds: ['123456789', '2'],
				providerIds: ['118', '123456789'],
			},
		},
		sent: {
			method: 'GET',
			path: '/availability',
			query: {
				...IN_JUNE,
				buffer: '15',
				calculation_method: 'gaps',
				daily_appointment_limit: '12',
				daily_limit_type: 'provider',
				facility_scoped_scheduling: 'true',
				fallback_to_default_hours: 'false',
				provider_type: 'secondary',
				visit_type: 'follow_up',
				location_ids: '123456789,2',
				provider_ids: '118,123456789',
			},
		},
		bare: JUNE,
		sentBare: { method: 'GET', path: '/availability', query: IN_JUNE },
		item: () => ({
			start: '2025-06-02T08:30:00-05:00',
			end: '2025-06-02T09:15:00-05:00',
			duration: 45,
			provider_id: '123456789',
			provider_name: 'Dr. Jose Gonzalez',
			facility_id: '123456789',
			facility_name: 'Main Street Clinic',
			timezone: 'America/Chicago',
		}),
	}),

	'availability: getAll': () => ({
		full: {
			...JUNE,
			options: {
				buffer: 15,
				calculationMethod: 'gaps',
				dailyAppointmentLimit: 12,
				dailyLimitType: 'provider',
				facilityScopedScheduling: true,
				fallbackToDefaultHours: false,
				maxSlotDuration: 90,
				providerType: 'secondary',
				visitType: picked('follow_up', 'Follow-up (follow_up)'),
			},
			filters: { locationIds: ['123456789', '2'], providerIds: ['118', '123456789'] },
		},
		sent: {
			method: 'GET',
			path: '/availability',
			query: {
				...IN_JUNE,
				buffer: '15',
				calculation_method: 'gaps',
				daily_appointment_limit: '12',
				daily_limit_type: 'provider',
				facility_scoped_scheduling: 'true',
				fallback_to_default_hours: 'false',
				max_slot_duration: '90',
				provider_type: 'secondary',
				visit_type: 'follow_up',
				location_ids: '123456789,2',
				provider_ids: '118,123456789',
			},
		},
		bare: JUNE,
		sentBare: { method: 'GET', path: '/availability', query: IN_JUNE },
		item: () => ({
			provider_id: '123456789',
			provider_name: 'Dr. Jose Gonzalez',
			date: '2025-06-02',
			range_start: '2025-06-02T08:00:00-04:00',
			range_end: '2025-06-02T12:00:00-04:00',
			duration_string: '4h0m',
			facility_id: '123456789',
			facility_name: 'Main Street Clinic',
			timezone_abbr: 'EDT',
			timezone: 'America/New_York',
		}),
	}),

	'claim: getAll'(world) {
		const { id } = first(world.claims());
		const day = { start_date: '2025-03-01', end_date: '2025-03-01' };
		return {
			full: { startDate: '2025-03-01', endDate: '2025-03-01' },
			sent: { method: 'GET', path: '/claims', query: day },
			item: () => ({
				claim_id: id,
				emr_claim_id: '30001',
				emr_appointment_id: '40001',
				service_date: '2025-03-01',
				claim_status_description: 'Pending',
				patient_name: 'Sam Taylor',
				provider_name: 'Dr. Michael Denenberg',
				total_charge: 350,
				total_payment: 0,
				balance: 350,
			}),
		};
	},

	'document: download'(world) {
		const { id } = first(world.documents());
		return {
			full: { documentId: id },
			sent: { method: 'GET', path: `/documents/${id}` },
			item: () => ({ document_id: id }),
		};
	},

	'eligibilityCheck: getAll'(world) {
		const [check] = world.eligibilityChecks().slice(4);
		return {
			full: {
				filters: {
					coverageStatus: 'error',
					startDate: '2025-02-25',
					endDate: '2025-02-25',
					patientMrn: '123456789',
				},
			},
			sent: {
				method: 'GET',
				path: '/eligibility-checks',
				query: {
					coverage_status: 'error',
					start_date: '2025-02-25',
					end_date: '2025-02-25',
					patient_mrn: '123456789',
					...FIFTY,
				},
			},
			bare: {},
			sentBare: { method: 'GET', path: '/eligibility-checks', query: FIFTY },
			item: () => ({
				eligibility_check_id: check?.id,
				service_date: '2025-02-25',
				coverage_status: 'error',
				status_message: 'Subscriber not found.',
				patient_name: 'Sam Taylor',
				payer_name: 'Fidelis 1',
				plan_name: 'Fidelis 1 PPO',
				subscriber_member_id: 'W700004',
				benefits_summary: {
					deductible: { individual: 1500, remaining: 400 },
					out_of_pocket: { individual: 6000, remaining: 5100 },
				},
				benefit_count: 0,
			}),
		};
	},

	'eligibilityCheck: getBenefits'(world) {
		const { id } = first(world.eligibilityChecks());
		const path = `/eligibility-checks/${id}/benefits`;
		return {
			full: { eligibilityCheckId: id, filters: { benefitType: 'Deductible' } },
			sent: { method: 'GET', path, query: { benefit_type: 'Deductible', ...FIFTY } },
			bare: { eligibilityCheckId: id },
			sentBare: { method: 'GET', path, query: FIFTY },
			item: () => ({
				line_number: 3,
				benefit_type: 'Deductible',
				coverage_level: 'IND',
				service_type_codes: ['30'],
				insurance_type: 'PPO',
				time_period: 'Calendar Year',
				amount: 1500,
				percent: null,
				network_indicator: 'Y',
				messages: [],
			}),
		};
	},

	'order: getAll': () => ({
		full: {
			patientMrn: '123456789',
			filters: { startDate: '2025-02-19', endDate: '2025-02-19' },
		},
		sent: {
			method: 'GET',
			path: '/orders',
			query: { patient_mrn: '123456789', start_date: '2025-02-19', end_date: '2025-02-19' },
		},
		bare: { patientMrn: '123456789' },
		sentBare: { method: 'GET', path: '/orders', query: { patient_mrn: '123456789' } },
		item: () => ({
			order_id: '10002',
			order_name: 'Chest X-ray, 2 views',
			order_date: '2025-02-19',
			provider_id: '118',
			mrn: '123456789',
			appointment_id: null,
			lab_results: [],
		}),
	}),

	'patient: get': () => ({
		full: { patient: { __rl: true, mode: 'mrn', value: '44235' } },
		sent: { method: 'GET', path: '/patients', query: { mrn: '44235', ...FIFTY } },
		item: () => MARIA,
	}),

	'patient: getAll'(world) {
		const { ehr_id } = first(world.patients({ mrn: '44235' }));
		return {
			full: {
				filters: {
					dob: '1984-03-12',
					ehrId: ehr_id,
					firstName: 'mar',
					lastName: 'ALV',
					mrn: '44235',
					phone: '(518) 555-0201',
				},
			},
			sent: {
				method: 'GET',
				path: '/patients',
				query: {
					dob: '1984-03-12',
					ehr_id: String(ehr_id),
					first_name: 'mar',
					last_name: 'ALV',
					mrn: '44235',
					phone: '518-555-0201',
					...FIFTY,
				},
			},
			bare: {},
			sentBare: { method: 'GET', path: '/patients', query: FIFTY },
			item: () => MARIA,
		};
	},

	'referral: getAll'(world) {
		const { id, document_ids } = first(world.referrals());
		const days = { start_date: '2025-02-01', end_date: '2025-03-01' };
		return {
			full: {
				startDate: '2025-02-01',
				endDate: '2025-03-01',
				filters: {
					direction: 'incoming',
					ehrId: '20001',
					patientMrn: '123456789',
					priority: 'routine',
					oldestFirst: true,
					status: 'open',
				},
			},
			sent: {
				method: 'GET',
				path: '/referrals',
				query: {
					...days,
					direction: 'incoming',
					ehr_id: '20001',
					patient_mrn: '123456789',
					priority: 'routine',
					sort: 'created_at',
					status: 'open',
					...FIFTY,
				},
			},
			bare: { startDate: '2025-02-01', endDate: '2025-03-01' },
			sentBare: { method: 'GET', path: '/referrals', query: { ...days, ...FIFTY } },
			item: () => ({
				referral_id: id,
				ehr_id: '20001',
				referral_date: '2025-03-01',
				status: 'open',
				mrn: '123456789',
				patient_first_name: 'Sam',
				patient_last_name: 'Taylor',
				from_provider_name: 'Ellen Brandt',
				to_provider_name: 'Dr. Michael Denenberg',
				document_ids,
			}),
		};
	},
};
