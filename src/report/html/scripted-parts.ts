/** What the page's script fills; hidden until it runs. */

export const NO_SCRIPT =
  '<noscript><p class="card noscript">The treemap, the table of files and the history of paths need JavaScript. It runs in this page alone: nothing is loaded or sent.</p></noscript>\n';

export const SPACE = `<section id="space" hidden><div class="section-head"><h2>Space</h2>
<span class="muted" id="space-remark"></span><span class="grow"></span>
<span class="group" role="group" aria-label="What the map shows"><button type="button" data-view="content" aria-pressed="true">Content</button><button type="button" data-view="waste" aria-pressed="false">Waste</button></span></div>
<nav class="crumbs" id="crumbs" aria-label="Directory on the map"></nav>
<div class="map"><div><div id="canvas-frame"><canvas id="map" tabindex="0" role="application" aria-roledescription="treemap" aria-label="Treemap: arrow keys move, Enter opens, Backspace goes up" aria-describedby="map-said"></canvas><div id="tip" hidden></div></div>
<div class="legend" id="legend"></div><div class="unseen" id="map-said" aria-live="polite"></div></div>
<div><h3 id="largest-title">Largest here</h3><ul id="largest" aria-labelledby="largest-title"></ul></div></div></section>
`;

export const FILES = `<section id="files" hidden><div class="section-head"><h2>Files</h2><span class="muted" id="files-sum" role="status"></span><span class="grow"></span>
<label><span class="unseen">Paths with</span><input id="search" type="search" placeholder="Search paths" autocomplete="off" spellcheck="false"></label>
<label><span class="unseen">Show</span><select id="show"><option value="final">Final image</option><option value="all">All changes</option><option value="added">Added</option><option value="modified">Modified</option><option value="removed">Removed</option></select></label></div>
<div class="files" id="files-split"><div id="grid" tabindex="0" role="grid" aria-label="Files: arrow keys move, Enter shows the history"><div class="row heads" role="row" id="heads"></div><div id="spacer" role="rowgroup"></div></div>
<aside id="history" aria-label="History of a path" aria-live="polite" hidden></aside></div></section>
`;

export const SCOPE = '<div id="scope" role="status" hidden></div>\n';
