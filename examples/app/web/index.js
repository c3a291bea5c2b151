const debug = require('debug')('guestbook');

debug('ready');
