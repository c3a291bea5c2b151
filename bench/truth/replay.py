#!/usr/bin/env python3
"""replay.py ARCHIVE BOM DOCKERFILE -- since which layer, and from which line, each package is there, played back here.

Lays the layers of a docker-archive over one another, asks after each of them which debs, modules, distributions and gems
are there, and holds what a CycloneDX document of dlint (made with --dockerfile, perhaps with --all-layers) says against it.
"""
import json, posixpath, re, sys, tarfile, urllib.parse

archive, bom, dockerfile = sys.argv[1:4]
outer = tarfile.open(archive)
manifest = json.load(outer.extractfile('manifest.json'))[0]
config = json.load(outer.extractfile(manifest['Config']))
MODULE = re.compile(r'(^|/)node_modules/((@[^/]+/)?[^@./][^/]*)/package\.json$|^usr/share/nodejs/((@[^/]+/)?[^@./][^/]*)/package\.json$')

def facts(path, read):
    """What a file says is there."""
    if path == 'var/lib/dpkg/status':
        for block in read().decode('utf8', 'replace').split('\n\n'):
            f = dict(re.findall(r'^(Package|Version|Status): (.*)$', block, re.M))
            if f.get('Status', '').endswith(' installed'): yield 'deb', f['Package'], f['Version']
    elif MODULE.search(path):
        try: p = json.loads(read().decode('utf-8-sig'))
        except ValueError: return
        if isinstance(p, dict) and p.get('name') and p.get('version'): yield 'npm', p['name'], p['version']
    elif re.search(r'dist-info/METADATA$|egg-info/PKG-INFO$|\.egg-info$', path):
        f = dict(reversed(re.findall(r'^(Name|Version): (.*?)\s*$', read().decode('utf8', 'replace'), re.M)))
        if len(f) == 2: yield 'pypi', re.sub(r'[-_.]+', '-', f['Name']).lower(), f['Version']
    elif re.search(r'/specifications/(default/)?[^/]+\.gemspec$', path):
        t = read().decode('utf8', 'replace')
        n, v = re.search(r'\.name\s*=\s*"([^"]+)"', t), re.search(r'\.version\s*=\s*"([^"]+)"', t)
        if n and v: yield 'gem', n[1], v[1]

tree, since, removed = {}, {}, {}
for index, name in enumerate(manifest['Layers'], 1):
    layer = tarfile.open(fileobj=outer.extractfile(name))
    fresh, gone = {}, []
    for m in layer:
        path = posixpath.normpath(m.name).lstrip('/')
        folder, base = posixpath.split(path)
        if base == '.wh..wh..opq': gone.append(folder + '/')
        elif base.startswith('.wh.'): gone += [posixpath.join(folder, base[4:]), posixpath.join(folder, base[4:]) + '/']
        else:
            if not m.isdir(): gone.append(path)
            if m.isfile(): fresh[path] = tuple(facts(path, lambda: layer.extractfile(m).read()))
            elif m.islnk(): fresh[path] = fresh.get(m.linkname, tree.get(m.linkname, ()))
    exact = {g for g in gone if not g.endswith('/')}
    folders = tuple(g for g in gone if g.endswith('/'))
    tree = {p: f for p, f in tree.items() if p not in exact and not p.startswith(folders)} if gone else tree
    tree.update({p: f for p, f in fresh.items() if f})
    there = {one for f in tree.values() for one in f}
    removed.update({one: (first, index) for one, first in since.items() if one not in there})
    since = {one: since.get(one, index) for one in there}
removed = {one: told for one, told in removed.items() if one not in since}

# The nth layer is of the nth instruction that changed files; the base image is one ADD.
lines = []
text = re.sub(r'\\\n', lambda _: '\\\r', open(dockerfile).read())
number = 1
for line in text.split('\n'):
    if re.match(r'(RUN|COPY|ADD) ', line): lines.append(number)
    number += 1 + line.count('\\\r')

right = wrong = missing = wronglines = 0
said, dropped = {}, {}
for c in json.load(open(bom))['components']:
    m = re.match(r'pkg:(deb|npm|pypi|gem)/(?:debian/)?([^?#]+)@([^?#]+)', c.get('purl', ''))
    if m:
        p = {x['name']: x['value'] for x in c['properties']}
        if 'dlint:layer:removed' in p:
            dropped[m[1], urllib.parse.unquote(m[2]), urllib.parse.unquote(m[3])] = int(p['dlint:layer:index']), int(p['dlint:layer:removed'])
            continue
        said[m[1], urllib.parse.unquote(m[2]), urllib.parse.unquote(m[3])] = int(p['dlint:layer:index']), p.get('dlint:dockerfile:line')
for one, index in sorted(since.items()):
    if one not in said:
        missing += 1
        print('not said:', *one)
        continue
    layer, line = said[one]
    if layer == index: right += 1
    else:
        wrong += 1
        print('layer:', *one, 'here', index, 'said', layer)
    if len(lines) == len(manifest['Layers']) and (line or '').rstrip('?') != str(lines[layer - 1]):
        wronglines += 1
        if wronglines < 5: print('line:', *one, 'here', lines[layer - 1], 'said', line)
print(f'{len(since)} packages in {len(manifest["Layers"])} layers: {right} layers right, {wrong} wrong, {missing} not said; {wronglines} lines otherwise ({len(lines)} instructions)')
if dropped:
    for one in sorted(set(removed) ^ set(dropped)): print('removed, here' if one in removed else 'removed, said', *one, removed.get(one) or dropped[one])
    same = [one for one in removed if removed[one] == dropped.get(one)]
    print(f'{len(removed)} packages were removed or replaced: {len(same)} said so with the same layers')
