/** One case for each operation that Cobalt answers at once: what is set up, what is sent, what comes out. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { World } from '../../../../tools/fake-cobalt/index.mts';

/** A request as Cobalt documents it: every value of a query is text. */
export interface Sent {
	method: string;
	path: string;
	query?: Record<string, string>;
	body?: unknown;
}

export interface Case {
	/** Every field that the operation has, filled in. */
	full: INodeParameters;
	sent: Sent;
	/** No more than what is required. Absent: nothing can be left out. */
	bare?: INodeParameters;
	sentBare?: Sent;
	/** The first item, simplified. Asked for after the run. */
	item: () => IDataObject;
	/** What else happens while it runs. */
	meanwhile?: () => void;
}

/** The first of these records. */
export function first<T>(records: T[]): T {
	const [record] = records;
	if (record === undefined) throw new Error('The fake Cobalt has no such record');
	return record;
}

/** As n8n saves what was picked from a list. */
const picked = (value: string, name = 'Somebody') => ({
	__rl: true,
	mode: 'list',
	value,
	cachedResultName: name,
});

const JUNE = { startDate: '2025-06-02', endDate: '2025-06-06' };
const IN_JUNE = { start_date: '2025-06-02', end_date: '2025-06-06' };

/** By default 50 records are asked for. */
const FIFTY = { page: '1', page_size: '50' };

/** In the account of {@link busyCobalt}. Keys are `resource: operation`. */
export const casesAtOnce: Record<string, (world: World) => Case> = {
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

	'availability: getAll': () => ({
		full: {
			...JUNE,
			filters: {
				buffer: 15,
				calculationMethod: 'gaps',
				dailyAppointmentLimit: 12,
				dailyLimitType: 'provider',
				facilityScopedScheduling: true,
				fallbackToDefaultHours: false,
				maxSlotDuration: 90,
				providerType: 'secondary',
				visitType: picked('follow_up', 'Follow-up (follow_up)'),
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

	'insuranceProvider: getAll'(world) {
		const { id } = first(world.insuranceProviders({ name: 'Empire 2' }));
		return {
			full: { filters: { active: false, name: 'empire' } },
			sent: {
				method: 'GET',
				path: '/insurance-providers',
				query: { active: 'false', name: 'empire', ...FIFTY },
			},
			bare: {},
			sentBare: { method: 'GET', path: '/insurance-providers', query: FIFTY },
			item: () => ({
				insurance_provider_id: id,
				name: 'Empire 2',
				payer_id: '60010',
				active: false,
			}),
		};
	},

	'location: getAll'(world) {
		const { id } = first(world.locations());
		return {
			full: {},
			sent: { method: 'GET', path: '/locations' },
			item: () => ({
				location_id: id,
				ehr_id: '123456789',
				name: 'Main Street Clinic',
				status: 'active',
				address: {
					address1: '12 Main Street',
					address2: '',
					city: 'Albany',
					state: 'NY',
					zip: '12207',
				},
				phone: '518-555-0100',
				fax: '518-555-0101',
			}),
		};
	},

	'location: update'(world) {
		const { id } = first(world.locations());
		return {
			full: { locationId: picked(id, 'Main Street Clinic'), status: 'inactive' },
			sent: { method: 'PATCH', path: `/locations/${id}`, body: { status: 'inactive' } },
			item: () => ({ location_id: id, message: 'Location status updated successfully.' }),
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
			item: () => ({
				mrn: '44235',
				first_name: 'Maria',
				last_name: 'Alvarez',
				dob: '1984-03-12',
				sex: 'female',
				phone: '5185550201',
			}),
		};
	},

	'pharmacy: getAll'(world) {
		const { id } = first(world.pharmacies());
		return {
			full: {},
			sent: { method: 'GET', path: '/pharmacies' },
			item: () => ({
				pharmacy_id: id,
				ehr_id: '301',
				name: 'Corner Pharmacy',
				address: { address1: '3 Main Street', city: 'Albany', state: 'NY', zip: '12207' },
				phone: '518-555-0300',
				email: null,
				status: 'active',
			}),
		};
	},

	'provider: getAll'(world) {
		const { id } = first(world.providers());
		return {
			full: {},
			sent: { method: 'GET', path: '/providers' },
			item: () => ({
				provider_id: id,
				ehr_id: '123456789',
				name: 'Dr. Jose Gonzalez',
				npi: '1000000012',
				timezone: 'America/New_York',
				status: 'active',
				hide_in_availability: false,
			}),
		};
	},

	'provider: update'(world) {
		const { id } = first(world.providers());
		const { id: facility_id } = first(world.locations());
		const hours = [
			{
				day: 'Monday',
				shifts: [
					{
						start: 'T08:00:00',
						end: 'T12:30:00',
						facility_id,
						set_start_date: '2025-04-01',
						set_end_date: '2025-06-30',
						set_recur: {
							rec_start_date: '2025-04-01',
							rec_end_date: '2025-06-30',
							recur_interval_type: 'days',
							recur_interval_amount: 14,
							recur_interval_description: 'Every other week',
						},
					},
				],
			},
		];
		return {
			full: {
				providerId: picked(id, 'Dr. Jose Gonzalez'),
				updateFields: {
					hideInAvailability: true,
					hours: JSON.stringify(hours),
					status: 'inactive',
				},
			},
			sent: {
				method: 'PATCH',
				path: `/providers/${id}`,
				// A word here, though reading gives true or false (2.3).
				body: { hide_in_availability: 'true', hours, status: 'inactive' },
			},
			item: () => ({
				provider_id: id,
				message: 'Provider status and hours updated successfully.',
			}),
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

	'referringProvider: getAll'(world) {
		const { id } = first(world.referringProviders({ last_name: 'Patel' }));
		return {
			full: {
				filters: {
					fax: '518-555-0411',
					firstName: 'ra',
					lastName: 'pat',
					npi: '1000000101',
					phone: '5185550401',
				},
			},
			sent: {
				method: 'GET',
				path: '/referring-providers',
				query: {
					fax: '518-555-0411',
					first_name: 'ra',
					last_name: 'pat',
					npi: '1000000101',
					phone: '518-555-0401',
				},
			},
			bare: {},
			sentBare: { method: 'GET', path: '/referring-providers' },
			item: () => ({
				referring_provider_id: id,
				ehr_id: '402',
				name: 'Raj Patel',
				first_name: 'Raj',
				last_name: 'Patel',
				speciality: 'Dermatology',
				phone: '518-555-0401',
				fax: '518-555-0411',
				email: null,
				npi: '1000000101',
			}),
		};
	},

	'settings: get'({ settings }) {
		const { access_token_reference_id, timezone } = settings;
		return {
			full: {},
			sent: { method: 'GET', path: '/settings' },
			item: () => ({
				access_token_reference_id,
				visit_types: settings.visit_types.map((type) => ({ ...type })),
				visit_statuses: settings.visit_statuses.map((status) => ({ ...status })),
				required_patient_fields: ['first_name', 'last_name', 'dob', 'sex'],
				timezone,
			}),
		};
	},

	'webhook: get'(world) {
		const { id, url, secret } = first(world.webhooks());
		return {
			full: {},
			sent: { method: 'GET', path: '/webhook' },
			item: () => ({
				webhook_urls: [{ id, url }],
				webhook_url: url,
				webhook_secret: secret,
			}),
		};
	},

	'webhook: register'(world) {
		const webhook_url = 'https://example.com/cobalt?clinic=7';
		return {
			full: { webhookUrl: webhook_url },
			sent: { method: 'POST', path: '/webhook', body: { webhook_url } },
			item: () => ({
				webhook_secret: first(world.webhooks({ url: webhook_url })).secret,
				message: 'Webhook registered successfully',
			}),
		};
	},

	'webhook: remove'(world) {
		const { id } = first(world.webhooks());
		return {
			full: { webhookId: id },
			sent: { method: 'DELETE', path: `/webhook/${id}` },
			item: () => ({
				webhook_id: id,
				deleted: true,
				message: 'Webhook URL removed successfully',
			}),
		};
	},

	'webhook: rotateSecret'(world) {
		const { id } = first(world.webhooks());
		return {
			full: { webhookId: id },
			sent: { method: 'POST', path: `/webhook/${id}/rotate-secret` },
			item: () => ({ webhook_id: id, webhook_secret: first(world.webhooks()).secret }),
		};
	},

	'webhookEvent: getAll'(world) {
		const day = { startDate: '2025-03-05', endDate: '2025-03-06' };
		return {
			full: {
				filters: {
					...day,
					status: 'failed',
					eventType: 'patient.updated',
					jobId: 77,
					oldestFirst: true,
				},
			},
			sent: {
				method: 'GET',
				path: '/webhook-events',
				query: {
					start_date: '2025-03-05',
					end_date: '2025-03-06',
					status: 'failed',
					event_type: 'patient.updated',
					job_id: '77',
					sort: 'created',
					...FIFTY,
				},
			},
			bare: {},
			sentBare: { method: 'GET', path: '/webhook-events', query: FIFTY },
			meanwhile: () => {
				for (let hour = 10; hour < 24; hour += 1) {
					world.addEvent({
						type: 'patient.updated',
						jobId: '77',
						created: `2025-03-05T${hour}:00:00.000Z`,
						data: { mrn: '804', hour },
					});
				}
			},
			item() {
				const failed = world
					.events()
					.filter(({ jobId, delivery }) => jobId === '77' && delivery.status === 'failed');
				const { id, created, data } = first(failed);
				return {
					event_id: id,
					event_type: 'patient.updated',
					event_created_at: created,
					job_id: '77',
					access_token_reference_id: 'clinic_1',
					delivery_status: 'failed',
					data: data as IDataObject,
				};
			},
		};
	},
};
