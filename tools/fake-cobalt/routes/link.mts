import { route } from '../server/route.mts';
import { eachOptional, required, text } from '../server/validation.mts';

export const linkRoutes = [
	route({
		method: 'POST',
		path: '/link/token/create',
		withoutAccessToken: true,
		body: {
			user_id: required(text),
			org_id: required(text),
			// `access_token` makes it a link for update mode; the EHR's names are for an organization that is new.
			...eachOptional(['access_token', 'emr_name', 'emr_instance_domain'], text),
		},
		run({ ehr, ids }, { body }) {
			const id = ids.id();
			const token = `lt_${id}`;
			const { access_token = null, emr_name = null, emr_instance_domain = null } = body;
			ehr.linkTokens.push({ ...body, id, token, access_token, emr_name, emr_instance_domain });
			return { success: true, token };
		},
	}),
];
