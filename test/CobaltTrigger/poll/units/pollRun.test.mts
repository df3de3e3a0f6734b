import { NodeApiError, type IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { accountsOf } from '../../../../nodes/CobaltTrigger/clinics/accounts.js';
import { NO_QUOTA } from '../../../../nodes/CobaltTrigger/clinics/runQuota.js';
import { openPoll } from '../../../../nodes/CobaltTrigger/clinics/sharedPoll.js';
import { PollRun } from '../../../../nodes/CobaltTrigger/poll/pollRun.js';
import { writeLogStates } from '../../../../nodes/CobaltTrigger/poll/pollState.js';
import type { ProcessState } from '../../../../nodes/CobaltTrigger/processState.js';
import type { TriggerSettings } from '../../../../nodes/CobaltTrigger/settings.js';
import { digest, KEY_LENGTH } from '../../../../nodes/shared/events/eventKey.js';
import type { Send } from '../../../../nodes/shared/http/client.js';
import { entries, SimulatedLog, T0 } from '../../../shared/events/simulatedLog.mts';
import { newProcess, pollContext, settingsOf } from './setup.mts';

const MINUTE_MS = 60_000;

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['Date'], now: T0 + MINUTE_MS });
});

afterEach(() => {
	vi.useRealTimers();
});

/** A trigger in a process of n8n that may restart, be killed, or lose the saved data. */
class PolledTrigger {
	/** n8n's static data: this is what it saves. */
	data: IDataObject = {};

	process: ProcessState = newProcess();

	settings: TriggerSettings = settingsOf();

	accessToken?: string;

	send: Send;

	constructor(readonly log: SimulatedLog) {
		this.send = log.send;
	}

	/** The ids of the events that the next poll emits, a minute later. */
	async poll(over = new AbortController().signal): Promise<string[]> {
		vi.setSystemTime(Date.now() + MINUTE_MS);
		const context = pollContext(this.data, this.accessToken);
		const poll = await openPoll(context, this.settings, this.process);
		const [account] = poll.accounts.all;
		if (!account) throw new Error('The credential has no account');
		const [quota = NO_QUOTA] = poll.quota.divide(1);
		const { events, state } = await new PollRun(poll, account, quota).run(this.send, over);
		writeLogStates(this.data, [state], false);
		return events.map(({ event }) => event.id);
	}
}

/** A trigger that has polled once, when the log had ten events. */
async function activeTrigger(log = new SimulatedLog(entries(10))): Promise<PolledTrigger> {
	const trigger = new PolledTrigger(log);
	expect(await trigger.poll()).toEqual([]);
	return trigger;
}

const copyOf = (data: IDataObject): IDataObject => JSON.parse(JSON.stringify(data)) as IDataObject;

describe('a poll', () => {
	it('emits each new event once, oldest first', async () => {
		const trigger = await activeTrigger();
		const [late, ...rest] = entries(3, 10);
		trigger.log.add(...rest);
		expect(await trigger.poll()).toEqual(['e11', 'e12']);
		if (late) trigger.log.add(late);
		expect(await trigger.poll()).toEqual(['e10']);
		expect(await trigger.poll()).toEqual([]);
	});

	it('emits as many events as a run may have, and the others in the next polls', async () => {
		const trigger = await activeTrigger();
		trigger.settings = settingsOf({ options: { eventsPerRun: 2 } });
		trigger.log.add(...entries(5, 10));
		expect(await trigger.poll()).toEqual(['e10', 'e11']);
		expect(await trigger.poll()).toEqual(['e12', 'e13']);
		expect(await trigger.poll()).toEqual(['e14']);
		expect(await trigger.poll()).toEqual([]);
	});

	it('emits what it has read when its time is over, and the others in the next poll', async () => {
		const trigger = await activeTrigger(new SimulatedLog(entries(10), { size: 10 }));
		trigger.log.add(...entries(20, 10));
		const over = new AbortController();
		let pages = 0;
		trigger.send = async (request) => {
			pages += 1;
			if (pages > 2) over.abort();
			over.signal.throwIfAborted();
			return await trigger.log.send(request);
		};
		const first = await trigger.poll(over.signal);
		expect(first.length).toBeGreaterThan(0);
		expect(first.length).toBeLessThan(20);
		trigger.send = trigger.log.send;
		expect([...first, ...(await trigger.poll())]).toEqual(entries(20, 10).map(({ id }) => id));
	});

	it('saves nothing if the log cannot be read, so that the next poll begins at the same place', async () => {
		const trigger = await activeTrigger();
		trigger.log.add(...entries(1, 10));
		const before = copyOf(trigger.data);
		trigger.send = async () => await Promise.reject(new Error('no response'));
		await expect(trigger.poll()).rejects.toBeInstanceOf(NodeApiError);
		expect(trigger.data).toEqual(before);
		trigger.send = trigger.log.send;
		expect(await trigger.poll()).toEqual(['e10']);
	});

	it('does not emit an event for which a webhook has started a run in this process', async () => {
		const trigger = await activeTrigger();
		trigger.log.add(...entries(2, 10));
		const [account] = (await accountsOf(pollContext({}))).all;
		trigger.process.deliveries.add(`${account?.id} ${digest('e10', KEY_LENGTH)}`);
		expect(await trigger.poll()).toEqual(['e11']);
	});
});

describe('what n8n and its processes lose', () => {
	it('emits a batch again if n8n discards it together with the saved position', async () => {
		const trigger = await activeTrigger();
		const before = copyOf(trigger.data);
		trigger.log.add(...entries(1, 10));
		expect(await trigger.poll()).toEqual(['e10']);
		trigger.data = before;
		expect(await trigger.poll()).toEqual(['e10']);
	});

	it('goes on from what the process remembers if n8n has not saved the position of an empty poll', async () => {
		const trigger = await activeTrigger();
		trigger.data = {};
		trigger.log.add(...entries(1, 10));
		expect(await trigger.poll()).toEqual(['e10']);
	});

	it('emits the last batch of another process again, which may have been killed before it started a run', async () => {
		const trigger = await activeTrigger();
		trigger.log.add(...entries(1, 10));
		expect(await trigger.poll()).toEqual(['e10']);
		const text = JSON.stringify(trigger.data).replace(/"by":"[^"]*"/, '"by":"other"');
		trigger.data = JSON.parse(text) as IDataObject;
		trigger.process = newProcess();
		trigger.log.add(...entries(1, 11));
		expect(await trigger.poll()).toEqual(['e10', 'e11']);
	});

	it('does not emit its own last batch again after n8n has saved it', async () => {
		const trigger = await activeTrigger();
		trigger.log.add(...entries(1, 10));
		expect(await trigger.poll()).toEqual(['e10']);
		trigger.data = copyOf(trigger.data);
		expect(await trigger.poll()).toEqual([]);
	});
});

describe('what belongs to one account and one filter', () => {
	it('starts at the end of another account, whose log it has never read', async () => {
		const trigger = await activeTrigger();
		trigger.log.add(...entries(1, 10));
		trigger.accessToken = 'another';
		expect(await trigger.poll()).toEqual([]);
		trigger.log.add(...entries(1, 11));
		expect(await trigger.poll()).toEqual(['e11']);
	});

	it('emits only what the filter wants, and nothing again when it changes', async () => {
		const trigger = await activeTrigger();
		trigger.log.add(...entries(1, 10));
		expect(await trigger.poll()).toEqual(['e10']);
		trigger.settings = settingsOf({ events: ['other'], otherEventTypes: 'y.done' });
		trigger.log.add(...entries(1, 11));
		expect(await trigger.poll()).toEqual([]);
		trigger.settings = settingsOf();
		expect(await trigger.poll()).toEqual(['e11']);
	});
});
