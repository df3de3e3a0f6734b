import type { Route } from '../server/route.mts';
import { accountRoutes } from './account.mts';
import { appointmentRoutes } from './appointments.mts';
import { chartRoutes } from './chart.mts';
import { claimRoutes } from './billing/claims.mts';
import { insuranceRoutes } from './billing/insurances.mts';
import { linkRoutes } from './link.mts';
import { liveFetchRoutes } from './liveFetch.mts';
import { officeRoutes } from './office.mts';
import { patientRoutes } from './patients.mts';
import { paymentRoutes } from './billing/payments.mts';
import { referralRoutes } from './referrals.mts';
import { webhookEventRoutes } from './webhookEvents.mts';
import { webhookRoutes } from './webhooks.mts';

/** Every endpoint of the fake. */
export const routes: Route[] = [
	...accountRoutes,
	...linkRoutes,
	...appointmentRoutes,
	...patientRoutes,
	...insuranceRoutes,
	...liveFetchRoutes,
	...chartRoutes,
	...officeRoutes,
	...referralRoutes,
	...claimRoutes,
	...paymentRoutes,
	...webhookRoutes,
	...webhookEventRoutes,
];
