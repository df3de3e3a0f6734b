import type { Route } from '../route.mts';
import { accountRoutes } from './account.mts';
import { appointmentRoutes } from './appointments.mts';
import { patientRoutes } from './patients.mts';
import { webhookEventRoutes } from './webhook-events.mts';

/** Every endpoint of the stand-in. */
export const routes: Route[] = [
	...accountRoutes,
	...appointmentRoutes,
	...patientRoutes,
	...webhookEventRoutes,
];
