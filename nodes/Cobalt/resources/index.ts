import type { Resource } from '../declarations/operation';
import { account } from './account';
import { appointment } from './appointment';
import { availability } from './availability';
import { claim } from './claim';
import { document } from './document';
import { eligibilityCheck } from './eligibilityCheck';
import { insuranceProvider } from './insuranceProvider';
import { job } from './job';
import { link } from './link';
import { location } from './location';
import { message } from './message';
import { note } from './note';
import { order } from './order';
import { patient } from './patient';
import { patientInsurance } from './patientInsurance';
import { patientNote } from './patientNote';
import { payment } from './payment';
import { pharmacy } from './pharmacy';
import { provider } from './provider';
import { referral } from './referral';
import { referringProvider } from './referringProvider';
import { task } from './task';
import { telephoneEncounter } from './telephoneEncounter';
import { webhook } from './webhook';
import { webhookEvent } from './webhookEvent';

/** All resources of the node, in the order of its dropdown. */
export const resources: readonly Resource[] = [
	account,
	appointment,
	availability,
	claim,
	document,
	eligibilityCheck,
	insuranceProvider,
	job,
	link,
	location,
	message,
	note,
	order,
	patient,
	patientInsurance,
	patientNote,
	payment,
	pharmacy,
	provider,
	referral,
	referringProvider,
	task,
	telephoneEncounter,
	webhook,
	webhookEvent,
];
