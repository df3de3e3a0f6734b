import { parseUrl } from '../../shared/url';

/** Addresses of this machine, or of private networks. */
const PRIVATE_IPV4 =
	/^(0|10|127|22[4-9]|2[3-5]\d)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;

const PRIVATE_IPV6 = /^\[(::1?|f[cd][0-9a-f]{2}:.*|fe[89a-f][0-9a-f]:.*|::ffff:.*)\]$/i;

const LOCAL_NAME =
	/^localhost$|\.(localhost|local|localdomain|lan|internal|intranet|home|corp|test|home\.arpa)$/i;

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

function isPrivate(host: string): boolean {
	const isIp = IPV4.test(host) || host.startsWith('[');
	return isIp
		? PRIVATE_IPV4.test(host) || PRIVATE_IPV6.test(host)
		: LOCAL_NAME.test(host) || !host.includes('.');
}

/** A trailing dot means the same host. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/\.$/, '');

/**
 * Why Cobalt cannot deliver to an address, judged by the address alone. A Cobalt with a private address itself
 * (a fake Cobalt, a gateway) can reach private addresses.
 *
 * @param cobalt base URL of Cobalt
 * @returns undefined if the address shows no reason
 */
export function unreachableReason(url: string, cobalt: string): string | undefined {
	const target = parseUrl(url);
	if (target === undefined) return 'it is not a valid URL';
	const api = parseUrl(cobalt);
	if (api !== undefined && isPrivate(hostOf(api))) return undefined;
	if (isPrivate(hostOf(target))) return 'it is only available in your own network';
	if (target.protocol !== 'https:') return 'it does not start with https://';
	return undefined;
}
