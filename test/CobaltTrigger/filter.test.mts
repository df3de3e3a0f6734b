import { describe, expect, it } from 'vitest';

import { isWanted, queryFor } from '../../nodes/CobaltTrigger/filter.js';
import { eventOf } from '../../nodes/shared/events/event.js';
import { BOOKED, CREATED, LOGIN, PATIENT, STATUS, UPDATED } from './events.mts';

const ALL = { BOOKED, CREATED, LOGIN, PATIENT, STATUS, UPDATED };

type Filter = Parameters<typeof isWanted>[1];

const wanted = (filter: Partial<Filter>) =>
	Object.entries(ALL)
		.filter(([, record]) => isWanted(eventOf(record), { source: 'any', ...filter }))
		.map(([name]) => name);

const EVERY = Object.keys(ALL);

describe('the event filter', () => {
	it.each<[Partial<Filter>, string[]]>([
		[{}, EVERY],
		[{ types: ['appointment.created'] }, ['BOOKED', 'CREATED']],
		[{ types: ['appointment', 'appointment.*'] }, []],
		[{ types: ['Appointment.Created'] }, ['BOOKED', 'CREATED']],
		[{ types: [' APPOINTMENT . created\n'] }, ['BOOKED', 'CREATED']],
		[{ source: 'ehr_staff' }, ['CREATED', 'LOGIN', 'PATIENT', 'STATUS', 'UPDATED']],
		[{ source: 'cobalt_operation' }, ['BOOKED', 'LOGIN']],
		[{ source: 'cobalt_operation', types: ['appointment.created'] }, ['BOOKED']],
		[{ clinics: ['clinic_2', 'clinic_1'] }, EVERY],
		[{ clinics: ['clinic_2', 'CLINIC_1'] }, []],
		[{ changedFields: ['status'] }, ['UPDATED']],
		[{ changedFields: ['phone', 'status'] }, ['PATIENT', 'UPDATED']],
		[{ changedFields: ['EMAIL'] }, ['PATIENT']],
		[{ changedFields: ['dob'] }, ['PATIENT']],
		[{ changedFields: ['patient_dob'] }, ['PATIENT']],
		[{ changedFields: ['__proto__', 'constructor', 'toString'] }, []],
		[{ changedFields: ['status'], types: ['patient.updated'] }, []],
	])('matches as it should: %j', (filter, names) => {
		expect(wanted(filter)).toEqual(names);
	});

	it.each([undefined, null, 'status', ['status'], 7])(
		'finds no changed field in %j',
		(updated_fields) => {
			const event = eventOf({ type: 'patient.updated', data: { updated_fields } });
			expect(isWanted(event, { source: 'any', changedFields: ['status', '0', 'length'] })).toBe(
				false,
			);
		},
	);

	it.each(['Appointment.Created', ' appointment. CREATED '])(
		'recognizes an event of type %j',
		(type) => {
			const event = eventOf({ type, job_id: 7 });
			expect(isWanted(event, { source: 'any', types: ['appointment.created'] })).toBe(true);
		},
	);

	it.each([
		['Appointment . Created', 'appointment.created'],
		['appointment.created', 'appointment.created'],
		['Claim.Created', 'Claim.Created'],
	])('asks Cobalt for %s as %s', (entered, asked) => {
		expect(queryFor({ source: 'any', types: [entered] })).toEqual({ event_type: asked });
	});

	it('matches no clinic where the event names none', () => {
		expect(isWanted(eventOf({ type: 'x' }), { source: 'any', clinics: ['clinic_1'] })).toBe(false);
	});
});
