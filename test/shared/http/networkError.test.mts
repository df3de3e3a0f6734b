/** Requests that got no response: which of them certainly never left, on real sockets. */
import dns from 'node:dns';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createNetServer, type Server as NetServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { describeNetworkError } from '../../../nodes/shared/http/networkError.js';
import { bookings, cobaltForTest, retry, run } from '../../Cobalt/setup.mts';
import { listen } from '../../listen.mts';
import { selfSigned } from './selfSigned.mts';

const GO_ON = { onError: 'continueErrorOutput' } as const;

/** A host with these addresses. */
function resolving(host: string, addresses: string[]): void {
	const { lookup } = dns;
	const found = addresses.map((address) => ({ address, family: 4 }));
	const mocked = (
		name: string,
		options: dns.LookupAllOptions,
		done: (...results: unknown[]) => void,
	) => {
		if (name === host) setImmediate(done, null, found);
		else lookup(name, options, done);
	};
	const spy = vi.spyOn(dns, 'lookup').mockImplementation(mocked as typeof dns.lookup);
	onTestFinished(() => {
		spy.mockRestore();
	});
}

/** A proxy that answers like this when it is asked for a way to a server. */
async function refusingProxy(status: number): Promise<void> {
	const proxy = createServer().on('connect', (_request, socket) => {
		socket.end(
			`HTTP/1.1 ${status} No\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>`,
		);
	});
	vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await listen(proxy)}`);
	vi.stubEnv('NO_PROXY', '');
	onTestFinished(() => {
		vi.unstubAllEnvs();
	});
}

/** Speaks TLS with a certificate that is not trusted, and keeps what it is asked. */
function untrusted(asked: unknown[]): Server {
	return createTlsServer(selfSigned, (request) => asked.push(request.url)).on(
		'tlsClientError',
		() => undefined,
	);
}

const hangingUp = (): NetServer =>
	createNetServer((socket) => {
		socket.on('error', () => undefined).once('data', () => socket.end());
	});

const resetting = (): NetServer =>
	createNetServer((socket) => {
		socket.on('error', () => undefined).once('data', () => socket.resetAndDestroy());
	});

const plain = (asked: unknown[]): Server =>
	createServer((request) => asked.push(request.url)).on('clientError', (_error, socket) => {
		socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
	});

/** Where Cobalt is said to be, and what is told of a booking that is sent there. */
const cases: Array<[what: string, url: (asked: unknown[]) => Promise<string>, why: RegExp]> = [
	[
		'two addresses of which none listens',
		() => {
			resolving('two.test', ['127.0.0.1', '127.0.0.2']);
			return Promise.resolve('https://two.test:1');
		},
		/Could not connect to Cobalt: the connection was refused/,
	],
	[
		'TLS spoken to a port that does not speak it',
		async (asked) => `https://127.0.0.1:${await listen(plain(asked))}`,
		/no secure connection was made \((wrong version number|packet length too long)/,
	],
	[
		'a certificate that is not trusted',
		async (asked) => `https://localhost:${await listen(untrusted(asked))}`,
		/its certificate is not trusted/,
	],
	[
		'a server that hangs up during the handshake',
		async () => `https://127.0.0.1:${await listen(hangingUp())}`,
		/no secure connection was made/,
	],
	[
		'a server that resets the connection during the handshake',
		async () => `https://127.0.0.1:${await listen(resetting())}`,
		/no secure connection was made/,
	],
	[
		'a name that does not exist',
		() => Promise.resolve('https://cobalt.invalid'),
		/the host name (is unknown|could not be looked up)/,
	],
	...[302, 403, 404, 407, 502, 503].map((status): (typeof cases)[number] => [
		`a proxy that answers ${status} when it is asked for a way`,
		async () => {
			await refusingProxy(status);
			return 'https://cobalt.example';
		},
		/a proxy refused the connection/,
	]),
];

describe.each(cases)('%s', (_, urlOf, why) => {
	it('reports the item as not submitted, and a retry submits it once the cause is fixed', async () => {
		const asked: unknown[] = [];
		const cobalt = await cobaltForTest();
		const away = { ...cobalt, url: await urlOf(asked) };
		const ended = await run(away, { items: bookings(2), settings: GO_ON });
		for (const { error, details } of ended.json('Cobalt', 1)) {
			expect(error).toMatch(why);
			expect(details).toMatchObject({ job_status: 'not_submitted' });
		}
		expect(ended.json('Cobalt', 1)).toHaveLength(2);
		expect(asked).toEqual([]);
		const stopped = await run(away, { items: bookings(2) });
		const again = await retry(cobalt, stopped);
		expect(again.json().map(({ job_status }) => job_status)).toEqual(['completed', 'completed']);
		expect(cobalt.world.appointments()).toHaveLength(2);
	});
});

it('says how to make n8n trust a certificate', async () => {
	const url = `https://localhost:${await listen(untrusted([]))}`;
	const { error } = await run({ ...(await cobaltForTest()), url });
	expect(error?.description).toContain('NODE_EXTRA_CA_CERTS');
	expect(error?.message).toContain('was not submitted');
});

const connecting = { protocol: 'https:', socket: { encrypted: true, secureConnecting: true } };
const connected = { protocol: 'https:', socket: { encrypted: true, secureConnecting: false } };
const refused = { code: 'ECONNREFUSED', syscall: 'connect' };
const timedOut = { code: 'ETIMEDOUT', syscall: 'connect' };
const reset = { code: 'ECONNRESET', syscall: 'read' };
const circle: { code: string; cause?: unknown } = { code: 'ECONNRESET' };
circle.cause = { cause: circle };

describe('an error before the request was sent', () => {
	it.each<[string, object]>([
		['refused', refused],
		['host unknown', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
		['host not looked up', { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }],
		['no way to the host', { code: 'EHOSTUNREACH', syscall: 'connect' }],
		['no connection in time', timedOut],
		['no file handle left', { code: 'EMFILE', syscall: 'connect' }],
		['inside axios', { code: 'ECONNREFUSED', cause: refused }],
		['inside n8n', { httpCode: 'ECONNREFUSED', cause: { code: 'ECONNREFUSED', cause: refused } }],
		['all addresses', { cause: { code: 'ETIMEDOUT', errors: [timedOut, refused] } }],
		['all addresses, each with a cause', { errors: [{ cause: timedOut }, { cause: refused }] }],
		['a timeout before the handshake is over', { code: 'ECONNABORTED', request: connecting }],
		['EPROTO before it is over', { code: 'EPROTO', syscall: 'write', request: connecting }],
		['a reset before it is over', { ...reset, request: connecting }],
		['no socket yet', { code: 'ECONNABORTED', request: { protocol: 'https:', socket: null } }],
		[
			'closed before it is over',
			{
				code: 'ECONNRESET',
				message: 'Client network socket disconnected before secure TLS connection was established',
			},
		],
		...[
			'CERT_HAS_EXPIRED',
			'DEPTH_ZERO_SELF_SIGNED_CERT',
			'SELF_SIGNED_CERT_IN_CHAIN',
			'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
			'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
			'ERR_TLS_CERT_ALTNAME_INVALID',
			'HOSTNAME_MISMATCH',
			'CRL_HAS_EXPIRED',
		].map((code): [string, object] => [code, { code }]),
	])('is sure that nothing was sent: %s', (_, error) => {
		const failure = describeNetworkError(error, 60_000);
		expect(failure).toMatchObject({ mayBeAccepted: false, isTransient: true });
		expect(failure.message).toMatch(/^Could not connect to Cobalt/);
	});

	it('is sure that nothing was sent, and not transient, when a key cannot be sent', () => {
		const failure = describeNetworkError({ code: 'ERR_INVALID_CHAR' }, 60_000);
		expect(failure).toMatchObject({ mayBeAccepted: false, isTransient: false });
	});

	it('is sure that nothing was sent when a request is cancelled while it connects', () => {
		const failure = describeNetworkError({ code: 'ERR_CANCELED', request: connecting }, 60_000);
		expect(failure).toMatchObject({ mayBeAccepted: false, isTransient: false });
	});
});

describe('an error after the request may have been sent', () => {
	it.each<[string, unknown]>([
		// On Linux a connection that was made can end like this, with the request already sent.
		['unreachable while reading', { code: 'EHOSTUNREACH', syscall: 'read' }],
		['network down while writing', { code: 'ENETDOWN', syscall: 'write' }],
		['reset', reset],
		['reset after the handshake', { ...reset, request: connected }],
		['hung up', { code: 'ECONNRESET', message: 'socket hang up' }],
		['broken pipe', { code: 'EPIPE', syscall: 'write' }],
		['timeout', { code: 'ECONNABORTED' }],
		['timeout after the handshake', { code: 'ECONNABORTED', request: connected }],
		['timeout without TLS', { code: 'ECONNABORTED', request: { protocol: 'http:', socket: {} } }],
		['timeout while reading', { code: 'ETIMEDOUT', syscall: 'read' }],
		['EPROTO of which nothing more is known', { code: 'EPROTO', syscall: 'write' }],
		// Seen when plain text is injected into a connection on which the request was sent.
		['TLS broken afterwards', { code: 'ERR_SSL_WRONG_VERSION_NUMBER', request: connected }],
		// With TLS 1.3 the server looks at the client's certificate when the request has been written.
		[
			'a certificate wanted',
			{ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', request: connected },
		],
		['one address of several', { code: 'ETIMEDOUT', errors: [timedOut, reset] }],
		['something new', { code: 'ESOMETHINGNEW' }],
		['a circle', circle],
		['nothing known', {}],
		['no error', undefined],
	])('is not sure that nothing was sent: %s', (_, error) => {
		const failure = describeNetworkError(error, 60_000);
		expect(failure).toMatchObject({ mayBeAccepted: true, isTransient: true });
		expect(failure.message).toMatch(
			/^(Cobalt did not respond within 60 seconds|The connection to Cobalt was lost)/,
		);
	});

	it('is not sure that nothing was sent when a connected request is cancelled', () => {
		const failure = describeNetworkError({ code: 'ERR_CANCELED', request: connected }, 60_000);
		expect(failure).toMatchObject({ mayBeAccepted: true, isTransient: false });
	});
});
