const { dest, parallel, src } = require('gulp');

/** tsc writes only JavaScript: what n8n reads beside it is copied into the same tree. */
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));
const nodeFiles = () => src('nodes/**/*.json').pipe(dest('dist/nodes'));

exports.build = parallel(icons, nodeFiles);
