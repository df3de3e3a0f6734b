import type { IDataObject } from 'n8n-workflow';

import { idsIn } from '../../shared/output/ids';
import { reduceTo, type Output } from '../../shared/output/output';
import { shownFailure } from './itemFailure';
import type { Result } from './result';

/** Columns that mark an exceptional item. */
const MARKER_COLUMNS = ['done_by_earlier_try', 'found_in_list'];

/**
 * A result reduced to what the user chose to output.
 *
 * @param entered the item that came in
 */
export function reducedResult(result: Result, output: Output, entered: IDataObject): Result {
	if (result.status !== 'succeeded') {
		return { ...result, failure: shownFailure(result.failure, output.kind === 'idsOnly', entered) };
	}
	const outputs = result.outputs.map(({ json, ...rest }) => ({
		...rest,
		json: result.isValidatedOnly
			? reducedCheck(json, output)
			: reduceTo(output, json, MARKER_COLUMNS),
	}));
	return { ...result, outputs };
}

/** An item that was only checked has columns of its own. With *IDs Only*, its request is left out. */
const reducedCheck = (json: IDataObject, { kind }: Output): IDataObject =>
	kind === 'idsOnly' ? idsIn(json) : json;
