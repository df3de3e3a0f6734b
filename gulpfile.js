const { rm } = require('node:fs/promises');
const { dest, parallel, src } = require('gulp');

/** What a renamed source left behind must not be packed. */
const clean = () => rm('dist', { recursive: true, force: true });

/** tsc writes only JavaScript: what n8n reads beside it is copied into the same tree. */
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));
const nodeFiles = () => src('nodes/**/*.json').pipe(dest('dist/nodes'));

exports.clean = clean;
exports.build = parallel(icons, nodeFiles);
