import type { World } from '../../../../tools/fake-cobalt/index.mts';
import { first, picked, type Case } from './case.mts';

/** Changes that Cobalt makes at once. */
export const changeCases: Record<string, (world: World) => Case> = {
	'link: createToken': (world) => ({
		full: {
			mode: 'connect',
			userId: 'user_7',
			orgId: 'clinic_1',
			additionalFields: { emrInstanceDomain: 'clinic.example.com', emrName: 'eClinicalWorks' },
		},
		sent: {
			method: 'POST',
			path: '/link/token/create',
			body: {
				user_id: 'user_7',
				org_id: 'clinic_1',
				emr_instance_domain: 'clinic.example.com',
				emr_name: 'eClinicalWorks',
			},
		},
		bare: { mode: 'connect', userId: 'user_7', orgId: '={{ 12 }}' },
		sentBare: {
			method: 'POST',
			path: '/link/token/create',
			body: { user_id: 'user_7', org_id: '12' },
		},
		item: () => ({
			link_url: `https://link.usecobalt.com?token=${first(world.linkTokens()).token}`,
			expires_at: '2025-03-10T15:30:00.000Z',
		}),
	}),

	'location: update'(world) {
		const { id } = first(world.locations());
		return {
			full: { locationId: picked(id, 'Main Street Clinic'), status: 'inactive' },
			sent: { method: 'PATCH', path: `/locations/${id}`, body: { status: 'inactive' } },
			item: () => ({ location_id: id, message: 'Location status updated successfully.' }),
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
				// Sent as a word, though it is read as true or false.
				body: { hide_in_availability: 'true', hours, status: 'inactive' },
			},
			item: () => ({
				provider_id: id,
				message: 'Provider status and hours updated successfully.',
			}),
		};
	},

	'webhook: getAll'(world) {
		const { id, url, secret } = first(world.webhooks());
		return {
			full: {},
			sent: { method: 'GET', path: '/webhook' },
			item: () => ({
				webhook_url: url,
				webhook_id: id,
				webhook_secret: secret,
			}),
		};
	},

	'webhook: create'(world) {
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

	'webhook: delete'(world) {
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
};
