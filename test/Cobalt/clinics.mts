/** A client with several clinics, and the credential that has all of them. */
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import type { Clinic, Cobalt } from '../../tools/fake-cobalt/index.mts';
import { bookings, credentialOf, run, type RunOptions } from './setup.mts';

/** The choice in both nodes. */
export const MULTIPLE: INodeParameters = { authentication: 'multipleClinics' };

/** What n8n saves when nobody has touched the field *Clinic*. */
export const FROM_ITEM: INodeParameters = {
	clinic: { __rl: true, mode: 'id', value: '={{ $json.access_token_reference_id }}' },
};

const MULTIPLE_CREDENTIALS: Pick<INode, 'credentials'> = {
	credentials: { cobaltMultipleClinicsApi: { id: '1', name: 'All clinics' } },
};

/** The reference ID that the fake gives to a clinic, by its index. */
export const referenceOf = (index: number) => `clinic_${index + 1}`;

/** One line for each clinic. */
const linesOf = ({ clinics }: Pick<Cobalt, 'clinics'>): string =>
	clinics.map(({ keys }, index) => `${referenceOf(index)}: ${keys.accessToken}`).join('\n');

/** The data of the credential with several clinics. */
export function multipleCredentialOf(cobalt: Cobalt) {
	const { clientId, clientSecret, baseUrl } = credentialOf(cobalt);
	return { clientId, clientSecret, baseUrl, accessTokens: linesOf(cobalt) };
}

export function clinicAt({ clinics }: Cobalt, index: number): Clinic {
	const clinic = clinics[index % clinics.length];
	if (!clinic) throw new Error('There are no clinics');
	return clinic;
}

/** Bookings that go around the clinics, in this order. */
export function bookingsAt(order: number[]): IDataObject[] {
	return bookings(order.length).map((booking, index) => ({
		...booking,
		access_token_reference_id: referenceOf(order[index] ?? 0),
	}));
}

/** Which bookings each clinic has, by their numbers. */
export function booked(cobalt: Cobalt): number[][] {
	const moments = bookings(400).map(({ datetime }) => Date.parse(datetime as string));
	return cobalt.clinics.map(({ world }) =>
		world.appointments().map(({ datetime }) => moments.indexOf(Date.parse(datetime))),
	);
}

/** Runs the action node with the credential for several clinics. */
export async function runMultiple(
	cobalt: Cobalt,
	{ parameters, settings, credential, ...options }: RunOptions & { parameters: INodeParameters },
) {
	return await run(cobalt, {
		parameters: { ...MULTIPLE, ...parameters },
		settings: { ...MULTIPLE_CREDENTIALS, ...settings },
		credential: { ...multipleCredentialOf(cobalt), ...credential },
		...options,
	});
}
