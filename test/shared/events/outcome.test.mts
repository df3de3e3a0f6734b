import { describe, expect, it } from 'vitest';

import { outcomeOf } from '../../../nodes/shared/events/outcome.js';
import { readEvent, type CobaltEvent } from '../../../nodes/shared/events/event.js';
import {
	UNDOCUMENTED_EVENTS,
	type TerminalEvents,
} from '../../../nodes/shared/events/terminalEvents.js';

const APPOINTMENT = { completed: ['appointment.created'], failed: ['appointment.failed'] };

function event(type: string, data: object = {}, envelope: object = {}): CobaltEvent {
	const read = readEvent({ event_id: type, event_type: type, job_id: '1', data, ...envelope });
	if (read === undefined) throw new Error('Not an event');
	return read;
}

const at = (created_at: string) => ({ created_at });

describe('outcomeOf', () => {
	it.each([APPOINTMENT, UNDOCUMENTED_EVENTS])('is undefined without an event', (terminalEvents) => {
		expect(outcomeOf([], terminalEvents)).toBeUndefined();
	});

	it('decides by a documented type', () => {
		const created = event('appointment.created');
		expect(outcomeOf([created], APPOINTMENT)).toEqual({
			status: 'completed',
			event: created,
			isCertain: true,
		});
		const failed = event('appointment.failed', { failure_reason: 'The slot is taken.' });
		expect(outcomeOf([failed], APPOINTMENT)).toEqual({
			status: 'failed',
			event: failed,
			isCertain: true,
			failureReason: 'The slot is taken.',
			reasons: [],
		});
	});

	it('decides by a documented type, whatever its name and data look like', () => {
		const terminalEvents = { completed: ['claim.reported_failed'], failed: ['claim.rejected'] };
		const reported = event('claim.reported_failed', { failure_reason: 'An earlier one' });
		expect(outcomeOf([reported], terminalEvents)?.status).toBe('completed');
		expect(outcomeOf([event('claim.rejected')], terminalEvents)?.status).toBe('failed');
	});

	it.each([
		['completed', 'Appointment.Created'],
		['failed', 'APPOINTMENT.FAILED'],
		['failed', ' appointment. failed '],
	])('is certainly %s for %j, in any capitals', (status, type) => {
		expect(outcomeOf([event(type)], APPOINTMENT)).toMatchObject({ status, isCertain: true });
	});

	it.each([
		['failed', 'Something.New.Failed'],
		['failed', 'Document.Upload Failed'],
		['completed', 'note.uploaded'],
		['completed', 'note.created'],
		['completed', 'document.uploaded'],
		['completed', 'task.created'],
		['completed', 'patient.insurance.added'],
		['completed', 'appointment.live_fetch_completed'],
		['completed', 'failed_login.cleared'],
		['completed', 'x.unfailed'],
		['failed', 'patient.insurance.failed'],
		['failed', 'document.upload_failed'],
		['failed', 'appointment.live_fetch_failed'],
		['failed', 'something.new.failed'],
	])('is %s by the shape of %s', (status, type) => {
		for (const terminalEvents of [UNDOCUMENTED_EVENTS, APPOINTMENT]) {
			expect(outcomeOf([event(type)], terminalEvents)?.status).toBe(status);
		}
	});

	it.each([
		'appointment.processing',
		'task.pending',
		'note.in_progress',
		'access_token.login_required',
	])('returns undefined for %s, which is not an end', (type) => {
		for (const settlement of [UNDOCUMENTED_EVENTS, APPOINTMENT]) {
			expect(outcomeOf([event(type)], settlement)).toBeUndefined();
			expect(outcomeOf([event(type), event('x.failed')], settlement)?.status).toBe('failed');
		}
		expect(outcomeOf([event(type)], { completed: [type], failed: [] })?.status).toBe('completed');
	});

	it.each([
		'task.error',
		'claim.rejected',
		'note.timed_out',
		'message.declined',
		'payment.unsuccessful',
		'payment.not_posted',
		'payment.cancelled',
		'payment.voided',
		'payment.partially_failed',
		'payment.partially_posted',
	])('is an uncertain failure for %s', (type) => {
		for (const settlement of [UNDOCUMENTED_EVENTS, APPOINTMENT]) {
			expect(outcomeOf([event(type)], settlement)).toMatchObject({
				status: 'failed',
				isCertain: false,
			});
		}
	});

	it.each([
		['failure_reason', { failure_reason: 'Duplicate patient found.' }],
		// failure_reason is the legacy field: newer events may have the list alone.
		['reasons', { reasons: [{ code: 'dup', description: 'Duplicate patient found.' }] }],
		['error', { error: 'Duplicate patient found.' }],
		['error', { error: { message: 'Duplicate patient found.' } }],
	])('is failed when the data has %s', (_, data) => {
		expect(outcomeOf([event('referral.processed', data)], UNDOCUMENTED_EVENTS)).toMatchObject({
			status: 'failed',
			failureReason: 'Duplicate patient found.',
		});
	});

	it.each([false, 'false'])('is failed for a live fetch whose success is %j', (success) => {
		const terminalEvents = { completed: ['patient.live_fetch_completed'], failed: [] };
		const data = { success, message: 'The EHR did not answer.' };
		expect(outcomeOf([event('patient.live_fetch_completed', data)], terminalEvents)).toMatchObject({
			status: 'failed',
			failureReason: 'The EHR did not answer.',
		});
	});

	it.each([{ failure_reason: null }, { failure_reason: '' }, { reasons: [] }, { reasons: null }])(
		'is not failed for an empty %j',
		(data) => {
			expect(outcomeOf([event('referral.processed', data)], UNDOCUMENTED_EVENTS)?.status).toBe(
				'completed',
			);
		},
	);

	it.each(['success', 'failed', 'pending'])(
		'is the same for every delivery status: %s',
		(delivery) => {
			const envelope = {
				status: delivery,
				delivery_status: delivery,
				delivered: delivery === 'success',
				response_status_code: 500,
			};
			for (const terminalEvents of [APPOINTMENT, UNDOCUMENTED_EVENTS]) {
				const created = event('appointment.created', { status: 'failed' }, envelope);
				expect(outcomeOf([created], terminalEvents)?.status).toBe('completed');
				const failed = event('appointment.failed', {}, envelope);
				expect(outcomeOf([failed], terminalEvents)?.status).toBe('failed');
			}
		},
	);
});

describe('a completed job', () => {
	const isCertain = (terminalEvents: TerminalEvents, ...events: CobaltEvent[]) => {
		const outcome = outcomeOf(events, terminalEvents);
		if (outcome?.status !== 'completed') throw new Error('Not completed');
		return outcome.isCertain;
	};

	it.each(['appointment.updated', 'appointment.note.created', 'failed_login.cleared'])(
		'is uncertainly completed by the undocumented type %s',
		(type) => {
			expect(isCertain(APPOINTMENT, event(type))).toBe(false);
		},
	);

	it('is certainly completed by any documented type', () => {
		const terminalEvents = { completed: ['task.created', 'task.updated'], failed: [] };
		for (const type of terminalEvents.completed)
			expect(isCertain(terminalEvents, event(type))).toBe(true);
		expect(isCertain(terminalEvents, event('task.deleted'))).toBe(false);
	});

	it('is certainly completed by a documented type, even if another event is newer', () => {
		const created = event('appointment.created', {}, at('2025-03-15T14:00:00Z'));
		const updated = event('appointment.updated', {}, at('2025-03-15T14:00:09Z'));
		expect(isCertain(APPOINTMENT, updated, created)).toBe(true);
	});

	it('is certainly completed by any type when none is documented', () => {
		expect(isCertain(UNDOCUMENTED_EVENTS, event('appointment.updated'))).toBe(true);
	});
});

describe('a failed job', () => {
	const isCertain = (terminalEvents: TerminalEvents, ...events: CobaltEvent[]) => {
		const outcome = outcomeOf(events, terminalEvents);
		if (outcome?.status !== 'failed') throw new Error('Not failed');
		return outcome.isCertain;
	};

	it('is certainly failed by any documented type', () => {
		const terminalEvents = { completed: [], failed: ['task.failed', 'task.rejected'] };
		for (const type of terminalEvents.failed)
			expect(isCertain(terminalEvents, event(type))).toBe(true);
		expect(isCertain(terminalEvents, event('task.sync_failed'))).toBe(false);
	});

	it.each([
		['its type', event('appointment.note_failed')],
		['its reason', event('appointment.updated', { failure_reason: 'No such note.' })],
		['its reasons', event('appointment.updated', { reasons: [{ code: 'no_note' }] })],
		['its success', event('appointment.updated', { success: false })],
	])('is uncertainly failed by %s alone when failures are documented', (_, failed) => {
		expect(isCertain(APPOINTMENT, failed)).toBe(false);
	});

	it('is certainly failed by a type that says so when no failures are documented', () => {
		const terminalEvents = { completed: ['patient.live_fetch_completed'], failed: [] };
		const failed = event('patient.live_fetch_failed', { failure_reason: 'No such patient.' });
		expect(isCertain(terminalEvents, failed)).toBe(true);
		expect(isCertain(UNDOCUMENTED_EVENTS, failed)).toBe(true);
	});

	it('is certainly failed by the documented success of a live fetch', () => {
		const terminalEvents = { completed: ['patient.live_fetch_completed'], failed: [] };
		const failed = event('patient.live_fetch_completed', { success: false });
		expect(isCertain(terminalEvents, failed)).toBe(true);
	});

	it.each([
		['payment.posted', { failure_reason: 'Posted late' }],
		['payment.success', { failure_reason: 'n/a' }],
		['payment.created', { reasons: [{ code: 'W', description: 'warning' }] }],
		['payment.posted', { success: false }],
		['payment.posted', { error: 'x' }],
		['payment.partially_failed', {}],
	])('is uncertainly failed when %s has %j, since the EHR may have done it', (type, data) => {
		expect(isCertain(UNDOCUMENTED_EVENTS, event(type, data))).toBe(false);
	});

	it('is not failed by the event that an appointment is cancelled', () => {
		const cancelled = event('appointment.cancelled');
		expect(outcomeOf([cancelled], UNDOCUMENTED_EVENTS)?.status).toBe('completed');
	});

	it('is certainly failed by a documented type, even if another event is newer', () => {
		const failed = event('appointment.failed', {}, at('2025-03-15T14:00:00Z'));
		const other = event('appointment.note_failed', {}, at('2025-03-15T14:00:09Z'));
		expect(isCertain(APPOINTMENT, other, failed)).toBe(true);
	});
});

describe('several events of one job', () => {
	it('decides by a documented type, even if another event is newer', () => {
		const events = [
			event('appointment.note_failed', {}, at('2025-03-15T14:00:09Z')),
			event('appointment.created', {}, at('2025-03-15T14:00:00Z')),
		];
		expect(outcomeOf(events, APPOINTMENT)?.status).toBe('completed');
		expect(outcomeOf([...events].reverse(), APPOINTMENT)?.status).toBe('completed');
	});

	it('decides by the newest moment, whatever its offset', () => {
		const earlier = event('appointment.failed', {}, at('2025-03-15T23:59:00+09:00'));
		const later = event('appointment.created', {}, at('2025-03-15T08:00:00-07:00'));
		for (const terminalEvents of [APPOINTMENT, UNDOCUMENTED_EVENTS]) {
			for (const events of [
				[earlier, later],
				[later, earlier],
			]) {
				expect(outcomeOf(events, terminalEvents)).toMatchObject({
					status: 'completed',
					event: later,
				});
			}
		}
	});

	it('decides by the first event of the same moment, as Cobalt lists the newest first', () => {
		const first = event('appointment.created', {}, at('2025-03-15T14:00:00Z'));
		const second = event('appointment.failed', {}, at('2025-03-15T07:00:00-07:00'));
		expect(outcomeOf([first, second], APPOINTMENT)?.event).toBe(first);
		expect(outcomeOf([second, first], APPOINTMENT)?.event).toBe(second);
	});

	it.each(['', 'yesterday'])('decides by the first event when the time is %j', (created) => {
		const first = event('appointment.created', {}, at(created));
		const second = event('appointment.failed', {}, at(created));
		expect(outcomeOf([first, second], APPOINTMENT)?.event).toBe(first);
	});
});

describe('the reasons of a failed job', () => {
	const failedWith = (data: object) => {
		const outcome = outcomeOf([event('appointment.failed', data)], APPOINTMENT);
		if (outcome?.status !== 'failed') throw new Error('Not failed');
		return outcome;
	};

	it('lists the reasons with their codes', () => {
		const reasons = [
			{ code: 'slot_taken', description: 'The slot is taken.' },
			{ code: 409, description: 'Try another.' },
		];
		expect(failedWith({ failure_reason: 'In short.', reasons })).toMatchObject({
			failureReason: 'In short.',
			reasons: [
				{ code: 'slot_taken', description: 'The slot is taken.' },
				{ code: '409', description: 'Try another.' },
			],
		});
	});

	it('joins the reasons into the text when failure_reason is missing', () => {
		const reasons = [
			{ description: 'The slot is taken.' },
			{ code: 'x' },
			{ description: 'Try another.' },
		];
		expect(failedWith({ reasons }).failureReason).toBe('The slot is taken. Try another.');
	});

	it.each([
		[{ reasons: [{ code: 'SLOT_TAKEN' }, { code: 7 }] }, 'SLOT_TAKEN, 7'],
		[{ reasons: 'Closed.' }, 'Closed.'],
		[{ reasons: [null, 'Closed.', 7] }, 'Closed. 7'],
		[{ reasons: { code: 'x', message: 'Closed.' } }, 'Closed.'],
		[{ failure_reason: { message: 'Closed.' } }, 'Closed.'],
		[{ failure_reason: ['Closed.', 'Taken.'] }, 'Closed. Taken.'],
		[{ error: 'Closed.' }, 'Closed.'],
		[{ failure_reason: 'Closed.', conflict_type: 'visit' }, 'Closed.'],
		[{ conflict_type: 'visit', conflict_details: 'of Ada Byron' }, 'Conflict: visit'],
	])('reads reasons in other forms: %j', (data, failureReason) => {
		expect(failedWith(data).failureReason).toBe(failureReason);
	});

	it.each([
		['a list of text', ['Follow-up']],
		['text', 'Follow-up'],
	])('is not failed for reasons that are %s, which is not documented', (_, reasons) => {
		expect(outcomeOf([event('referral.processed', { reasons })], UNDOCUMENTED_EVENTS)?.status).toBe(
			'completed',
		);
	});

	it.each([{}, { reasons: [] }, { reasons: null }, { reasons: [null, ''] }, { reasons: [{}] }])(
		'says that Cobalt gave no reason: %j',
		(data) => {
			const { failureReason } = failedWith(data);
			expect(failureReason).toMatch(/no reason/);
		},
	);
});
