import type { EhrTask } from '../world/ehrWorker.mts';
import { CustomResponse } from './response.mts';
import type { Context } from './context.mts';
import { route, type Call, type Declaration, type NoFields, type Route } from './route.mts';
import type { Fields } from './validation.mts';

interface Accepted {
	/** The id of the new or changed record, under the response's name for it. */
	ids: Record<string, string>;
	task: EhrTask;
}

interface Submission<Body extends Fields> extends Omit<Declaration<NoFields, Body>, 'run'> {
	/** The form of the response. Most pages show only a flat one. Default 'accepted'. */
	response?: 'created' | 'changed' | 'accepted';
	/** Default 200. */
	status?: number;
	message: string;
	/** Refuses what Cobalt refuses at once, stores the rest, and returns the task for the EHR worker. */
	accept(context: Context, call: Call<NoFields, Body>): Accepted;
}

/** Declares an endpoint that accepts work for the EHR worker. */
export function submission<Body extends Fields>(declaration: Submission<Body>): Route {
	const { message, status = 200, response = 'accepted', ...rest } = declaration;
	return route<NoFields, Body>({
		...rest,
		run(context, call) {
			const { ids, task } = declaration.accept(context, call);
			const body = context.dialect[response](ids, message, context.ehrWorker.submit(task));
			return new CustomResponse({ status, body });
		},
	});
}
