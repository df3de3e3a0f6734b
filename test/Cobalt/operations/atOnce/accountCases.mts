import type { IDataObject } from 'n8n-workflow';

import type { World } from '../../../../tools/fake-cobalt/index.mts';
import { FIFTY, first, type Case } from './case.mts';

/** Reads of the account and its directories. */
export const accountCases: Record<string, (world: World) => Case> = {
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

	'account: getSettings'({ settings }) {
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
