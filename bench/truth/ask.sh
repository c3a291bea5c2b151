#!/bin/bash
# ask.sh ROOTFS CONTEXT -- lines `ecosystem<TAB>name<TAB>version<TAB>who says so` of what is in ROOTFS, asked of each installer.
set -uo pipefail
R=$1; C=$2
in_() { chroot "$R" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"; }
in_ dpkg-query -W -f '${db:Status-Status}\t${Package}\t${Version}\n' | awk -F'\t' -v OFS='\t' '$1 == "installed" { print "deb", $2, $3, "dpkg-query" }'
# npm: what `npm ls` finds below a project; of Debian's own folders the modules that are there
npm_ls() { (cd "$1" && npm ls --all --long --parseable 2> /dev/null) | tail -n +2 | sed -E 's/^[^:]*:(.*@npm:)?(.*)@([^@:]+)(:.*)?$/npm\t\2\t\3\tnpm ls/' | grep -P '^npm\t[^\t]+\t\d'; }
npm_ls "$R/app"; npm_ls "$R/usr/local/lib"; npm_ls "$R/usr/local/lib/node_modules/npm"
python3 - "$R" <<'PY'
import json, os, sys
root = sys.argv[1]
def module(folder):
    try:
        with open(os.path.join(folder, 'package.json'), encoding='utf8') as f: p = json.load(f)
        if p.get('name') and p.get('version'): print('npm', p['name'], p['version'], 'package.json of Debian', sep='\t')
    except (OSError, ValueError): pass
def below(modules):
    try: names = os.listdir(modules)
    except OSError: return
    for name in names:
        folders = [os.path.join(modules, name)] if name[0] != '@' else [os.path.join(modules, name, x) for x in os.listdir(os.path.join(modules, name))]
        for folder in folders:
            if os.path.isdir(folder) and not os.path.islink(folder):
                module(folder)
for place in ('usr/share/nodejs', 'usr/lib/nodejs', 'usr/lib/x86_64-linux-gnu/nodejs', 'usr/share/npm'):
    top = os.path.join(root, place)
    if os.path.isdir(top): below(top)
    for path, folders, _ in os.walk(top):
        if 'node_modules' in folders: below(os.path.join(path, 'node_modules'))
PY
for p in /usr/bin/python3 /srv/venv/bin/python; do in_ $p -m pip list --format=json 2> /dev/null | python3 -c "
import json, sys
for p in json.load(sys.stdin): print('pypi', p['name'], p['version'], 'pip list', sep='\t')"; done
in_ ruby -rrubygems -e 'Gem::Specification.each { |s| puts ["gem", s.name, s.version, "rubygems"].join("\t") }' 2> /dev/null
go version -m "$R" 2> /dev/null | awk -v OFS='\t' '/^[^\t]/ { sub(/^go/, "", $NF); print "golang", "stdlib", $NF, "go version -m" } $1 == "mod" || $1 == "dep" { print "golang", $2, $3, "go version -m" }'
python3 - "$R" <<'PY'
import io, json, os, subprocess, sys, tempfile, zipfile, zlib
def audited(path):
    with open(path, 'rb') as f:
        if f.read(4) != b'\x7fELF' or b'.dep-v0' not in f.read(): return
    # objcopy puts a file in the place of its output, whatever is there: never a device
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, 'deps')
        subprocess.run(['objcopy', '-O', 'binary', '--only-section=.dep-v0', '--set-section-flags', '.dep-v0=alloc', path, out])
        with open(out, 'rb') as f: data = f.read()
    for p in json.loads(zlib.decompress(data))['packages'] if data else []:
        if p.get('kind') != 'build': print('cargo', p['name'], p['version'], 'cargo auditable', sep='\t')
def archive(file):
    try: z = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError): return
    for name in z.namelist():
        if name.startswith('META-INF/maven/') and name.endswith('/pom.properties'):
            p = dict(l.split('=', 1) for l in z.read(name).decode('utf8', 'replace').replace('\r', '').split('\n') if '=' in l and l[0] != '#')
            print('maven', p['groupId'].strip() + '/' + p['artifactId'].strip(), p['version'].strip(), 'pom.properties', sep='\t')
        elif name.endswith(('.jar', '.war')): archive(io.BytesIO(z.read(name)))
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        path = os.path.join(folder, name)
        if os.path.islink(path) or not os.path.isfile(path): continue
        if name.endswith(('.jar', '.war')): archive(path)
        elif '.dist-info/sboms/' in path and name.endswith('.json'):  # what a wheel says of its compiled parts (PEP 770)
            with open(path, encoding='utf8') as f: bom = json.load(f)
            for c in bom.get('components', []):
                if c.get('purl', '').startswith('pkg:cargo/'): print('cargo', c['name'], c['version'], 'SBOM of a wheel', sep='\t')
        else: audited(path)
PY
[ -f "$C/maven/list.txt" ] && sed -nE 's/^ +([^:]+):([^:]+):jar:([^:]+)(:[^:]+)?(:[^: ]+).*$/\1\t\2\t\3\4/p' "$C/maven/list.txt" | awk -F'\t' -v OFS='\t' '{ n = split($3, v, ":"); print "maven", $1 "/" $2, v[n], "mvn dependency:list" } END { print "maven", "com.acme/app", "0.3.0", "pom.xml" }'
(cd "$R/srv/php" && COMPOSER_ALLOW_SUPERUSER=1 composer show --format=json 2> /dev/null) | python3 -c "
import json, sys
for p in json.load(sys.stdin)['installed']: print('composer', p['name'], p['version'], 'composer show', sep='\t')"
in_ Rscript -e 'p <- installed.packages(); cat(sprintf("cran\t%s\t%s\tinstalled.packages\n", p[,1], p[,3]), sep="")' 2> /dev/null
printf 'generic\tnode\t%s\tnode --version\n' "$("$R/usr/local/bin/node" --version | tr -d v)"
printf 'generic\tnginx\t%s\tnginx -v\n' "$(in_ /opt/bin/nginx -v 2>&1 | sed -E 's/.*nginx.([0-9.]+).*/\1/')"
printf 'generic\tredis\t%s\tredis-server -v\n' "$(in_ /opt/bin/redis-server --version | sed -E 's/.* v=([0-9.]+).*/\1/')"
printf 'generic\tmemcached\t%s\tmemcached -V\n' "$(in_ /opt/bin/memcached -V | awk '{ print $2 }')"
printf 'generic\thaproxy\t%s\thaproxy -v\n' "$(in_ /opt/bin/haproxy -v | sed -nE 's/^HAProxy version ([0-9.]+).*/\1/p')"
printf 'generic\thttpd\t%s\tapache2 -v\n' "$(in_ /opt/bin/apache2 -v | sed -nE 's/.*Apache.([0-9.]+).*/\1/p' | head -1)"
printf 'generic\tbusybox\t%s\tbusybox\n' "$(in_ /opt/bin/busybox | sed -nE 's/^BusyBox v([0-9.]+).*/\1/p')"
printf 'generic\tlua\t%s\tlua -v\n' "$(in_ /opt/bin/lua5.4 -v | awk '{ print $2 }')"
printf 'generic\tbash\t%s\tbash --version\n' "$(in_ /opt/bin/bash --version | sed -nE 's/.*version ([0-9.]+).*/\1/p' | head -1)"
printf 'generic\tperl\t%s\tperl -v\n' "$(in_ /opt/bin/perl -e 'printf "%vd", $^V')"
printf 'generic\tjre\t%s\tjava -version\n' "$(sed -nE 's/^JAVA_VERSION="(.*)"$/\1/p' "$R/opt/jre/release" 2> /dev/null)"
true
