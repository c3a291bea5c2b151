import { part } from '../dom.ts';
import { startTheme } from '../theme.ts';
import { startFilter } from './filter.ts';
import { startReasons } from './reasons.ts';

document.documentElement.classList.add('scripted');
startFilter();
startReasons();
startTheme(() => undefined);
part('filter').hidden = false;
