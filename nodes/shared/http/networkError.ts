import { NodeOperationError, UserError } from 'n8n-workflow';

import { firstText, isObject } from '../json';
import { TimeoutError } from '../retry/errors';
import type { RequestFailure } from './failure';

/** The parts of an error that Node, axios or n8n may fill in. */
interface ErrorLevel {
	code?: string;
	syscall?: string;
	message: string;
	/** OpenSSL's description. */
	reason?: string;
}

/** Longer than any chain of causes; errors may refer to each other in a circle. */
const MAX_LEVELS = 50;

/** Codes of failed name lookups and connection attempts: no connection was made. */
const UNCONNECTED: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host name is unknown',
	EAI_AGAIN: 'the host name could not be looked up',
	// Node's code after it has tried each address of a host for a moment.
	ERR_SOCKET_CONNECTION_TIMEOUT: 'none of its addresses accepted a connection in time',
};

/** System calls that happen before there is a connection. */
const CONNECTING = new Set(['connect', 'getaddrinfo', 'bind', 'socket']);

/**
 * Node's codes for a certificate that it rejects, before anything is written. OpenSSL's codes
 * (`ERR_SSL_…`) are left out: they may report the server's opinion of a certificate, long after that.
 */
const UNTRUSTED =
	/^(?!ERR_SSL_).*(CERT|CRL_|SELF_SIGNED|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH)/;

/** Node's message for a connection closed during the handshake, whose code is only ECONNRESET. */
const CLOSED_IN_HANDSHAKE = /before secure TLS connection was established/;

/** Header values that Node refuses before it connects: the keys of the credential. */
const UNSENDABLE = new Set(['ERR_INVALID_CHAR', 'ERR_UNESCAPED_CHARACTERS']);

/** Requests that Node or axios refuse before they connect. */
const NOT_MADE = new Set([
	'ERR_INVALID_URL',
	'ERR_INVALID_PROTOCOL',
	'ERR_HTTP_INVALID_HEADER_VALUE',
]);

const CHECK_NETWORK = "Check 'Base URL' in the Cobalt credential, and the network of this n8n.";

/** For requests that certainly never reached Cobalt, and may be sent again. */
const NEVER_SENT = { mayBeAccepted: false, isTransient: true };

/**
 * The failure for a request without a response. It counts as never sent only where that is certain: when
 * every connection attempt failed, or when the TLS handshake was not completed.
 *
 * @param error what n8n's helper threw. Among its causes are axios' error and Node's, or several of Node's
 *   for a host with several addresses.
 * @param timeoutMs the timeout that applied, in milliseconds
 */
export function describeNetworkError(error: unknown, timeoutMs: number): RequestFailure {
	const levels = levelsOf(error);
	const code = levels.find((level) => level.code !== undefined)?.code ?? '';
	const isUnsent = isNeverSent(error, levels);
	const certificate = levels.find((level) => UNTRUSTED.test(level.code ?? ''));
	if (certificate) return untrusted(certificate);
	if (levels.some((level) => UNSENDABLE.has(level.code ?? ''))) {
		return {
			message: 'A key in the Cobalt credential contains characters that cannot be sent',
			description:
				"Copy 'Client ID', 'Client Secret' and 'Access Token' again, without line breaks.",
			mayBeAccepted: false,
			isTransient: false,
			cause: 'credential-invalid',
		};
	}
	if (code === 'ERR_CANCELED') {
		return {
			message: 'The request was canceled together with the execution',
			description: isUnsent ? 'Nothing was sent.' : 'Check the EHR to see whether it went through.',
			mayBeAccepted: !isUnsent,
			isTransient: false,
		};
	}
	if (isUnsent) {
		return {
			...NEVER_SENT,
			message: `Could not connect to Cobalt: ${whyUnsent(code, levels, timeoutMs)}`,
			description: CHECK_NETWORK,
			cause: 'temporarily-unavailable',
		};
	}
	const isTimeout =
		error instanceof TimeoutError || code === 'ECONNABORTED' || code === 'ETIMEDOUT';
	return {
		message: isTimeout
			? `Cobalt did not respond within ${inWords(timeoutMs)}`
			: 'The connection to Cobalt was lost before a response arrived',
		description: 'Try again later.',
		mayBeAccepted: true,
		isTransient: true,
		cause: 'temporarily-unavailable',
	};
}

/** The error with which n8n or this node refused to send, such as n8n's guard against internal addresses. */
export function localErrorIn(error: unknown): UserError | NodeOperationError | undefined {
	return chainOf(error).find(
		(level) => level instanceof UserError || level instanceof NodeOperationError,
	);
}

/**
 * Whether the server cannot have received any part of a request, judged by axios' record of it. Data is
 * only written after the TLS handshake. A proxy that refuses the tunnel leaves a request without a socket,
 * or with one that was never encrypted.
 *
 * @param error axios' error
 */
export function isBeforeHandshake(error: unknown): boolean {
	const request = isObject(error) ? error.request : undefined;
	if (!isObject(request) || request.protocol !== 'https:' || !('socket' in request)) return false;
	const { socket } = request;
	if (isObject(socket)) return socket.encrypted !== true || socket.secureConnecting === true;
	return isObject(error) && !isObject(error.response);
}

function isNeverSent(error: unknown, levels: readonly ErrorLevel[]): boolean {
	return (
		chainOf(error).some(isBeforeHandshake) ||
		levels.some(
			({ code = '', message }) => NOT_MADE.has(code) || CLOSED_IN_HANDSHAKE.test(message),
		) ||
		isNeverConnected(error)
	);
}

/** Whether no connection was made, to any of the host's addresses. */
function isNeverConnected(error: unknown): boolean {
	const [innermost] = chainOf(error).slice(-1);
	const attempts = attemptsOf(innermost);
	if (attempts.length > 0) return attempts.every(isNeverConnected);
	return levelsOf(error).some(
		({ code = '', syscall = '' }) => Object.hasOwn(UNCONNECTED, code) || CONNECTING.has(syscall),
	);
}

function whyUnsent(code: string, levels: readonly ErrorLevel[], timeoutMs: number): string {
	const known = levels.map((level) => UNCONNECTED[level.code ?? '']).find((why) => why);
	if (known !== undefined) return known;
	if (levels.some(({ syscall = '' }) => CONNECTING.has(syscall))) return 'no connection was made';
	if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
		return `no secure connection was made within ${inWords(timeoutMs)}`;
	}
	const details = levels.map(({ message, reason }) => reason ?? opensslReason(message));
	const detail = details.find((each) => each !== undefined);
	// Not Node's code: n8n replaces any message that contains one.
	return `no secure connection was made (${detail ?? 'the connection was closed'})`;
}

/** From `…:SSL routines:ssl3_get_record:wrong version number:…`, the form in which Node reports EPROTO. */
const opensslReason = (message: string): string | undefined =>
	/SSL routines:\w*:([\w ]+)/.exec(message)?.[1];

function untrusted({ code }: ErrorLevel): RequestFailure {
	return {
		...NEVER_SENT,
		message: `Could not connect to Cobalt: its certificate is not trusted (${code})`,
		description:
			"If a proxy or firewall in your network decrypts TLS, set NODE_EXTRA_CA_CERTS to the file with its root certificate and restart n8n. Otherwise check 'Base URL' in the Cobalt credential.",
		cause: 'configuration-invalid',
	};
}

/** An error and its causes, the outermost first. */
function chainOf(error: unknown): unknown[] {
	const chain: unknown[] = [];
	for (let level = error; isObject(level) && chain.length < MAX_LEVELS; level = level.cause) {
		if (chain.includes(level)) break;
		chain.push(level);
	}
	return chain;
}

/** The errors inside an AggregateError: one for each address that was tried. */
const attemptsOf = (error: unknown): unknown[] =>
	isObject(error) && Array.isArray(error.errors) ? error.errors.slice(0, MAX_LEVELS) : [];

/** Everything an error says, including its causes and the attempts that they sum up. */
function levelsOf(error: unknown): ErrorLevel[] {
	const chain = chainOf(error);
	const attempts = attemptsOf(chain.at(-1)).flatMap(chainOf);
	return [...chain, ...attempts]
		.filter(isObject)
		.map(({ code, httpCode, syscall, message, reason }) => ({
			code: firstText(code, httpCode),
			syscall: firstText(syscall),
			message: firstText(message) ?? '',
			reason: firstText(reason),
		}));
}

const inWords = (milliseconds: number): string => {
	const seconds = Math.round(milliseconds / 1000);
	return seconds === 1 ? 'a second' : `${seconds} seconds`;
};
