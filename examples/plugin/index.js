import imageMirror from './rules/image-mirror.js';
import ownerLabel from './rules/owner-label.js';
import todoTicket from './rules/todo-ticket.js';

/** What a configuration that names this package gets. */
export default [imageMirror, ownerLabel, todoTicket];
