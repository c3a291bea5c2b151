/** How a program that no package manager knows tells its version: by its file's name and a text in its bytes. */
export interface Classifier {
  /** purl type, namespace and name, e.g. `generic/python`. */
  readonly purl: string;
  /** Matched against the file's name. */
  readonly file: RegExp;
  /** Matched against the whole path, where the name alone says too little. */
  readonly path?: RegExp;
  /**
   * Matched against the bytes as Latin-1, the first that matches counts; `version` is a named group. No pattern may reach
   * further than 400 bytes: a file is looked at in windows.
   */
  readonly versions: readonly RegExp[];
  /** Only where this is in the file, too. */
  readonly also?: RegExp;
  /** Classifiers of one family are alternatives: the first that fits is the one. */
  readonly family?: string;
}

/** What the classifiers made of a file. */
export interface Classified {
  /** As in `Classifier`. */
  readonly product: string;
  readonly version: string;
}

/** Three numbers, and what may follow them: `-rc.1`, `+build`, `beta2`. */
const V = String.raw`(?<version>\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]{1,40}|(?:alpha|beta|rc|p)\d{1,4})?)`;
const V2 = String.raw`(?<version>\d+\.\d+(?:\.\d+){0,2}(?:(?:alpha|beta|rc)\d{1,3})?)`;

/** No number is longer: a megabyte of digits would be looked through from each of them. */
const re = (source: string): RegExp => new RegExp(source.replaceAll(String.raw`\d+`, String.raw`\d{1,12}`), 's');
/** A text of its own: nothing that belongs to it before or behind. */
const alone = (version: string): RegExp => re(String.raw`\x00v?${version}\x00`);
/** As Go keeps its texts: what stands before may be any byte that is no letter, digit or dot. */
const goText = (prefix = ''): RegExp => re(String.raw`(?<![\w.])${prefix}${V}\x00`);

const generic = (name: string, file: RegExp, ...versions: RegExp[]): Classifier => ({
  purl: `generic/${name}`,
  file,
  versions,
});

/** Each product with the texts that its own sources put into it. */
export const CLASSIFIERS: readonly Classifier[] = [
  generic(
    'python',
    /^(?:python(?:\d(?:\.\d+)?)?[a-z]{0,2}|libpython\d[\d.]*[a-z]{0,2}\.so(?:\.[\d.]+)?)$/,
    re(
      String.raw`\x00(?<version>[23]\.\d+\.\d+(?:(?:a|b|rc)\d+)?\+?)\x00(?:strict\x00|%\.80s|<prefix>/lib/python|[^\x00]{0,80}\x00{0,8}%\.80s)`,
    ),
    re(String.raw`PYTHONIOENCODING\x00(?<version>[23]\.\d+\.\d+(?:(?:a|b|rc)\d+)?)\x00`),
    re(String.raw`\x00(?<version>[23]\.\d+\.\d+(?:(?:a|b|rc)\d+)?)\x00`),
    // A linker keeps a text that another ends with only there: the prefix `…/versions/3.11.7`.
    re(String.raw`\x00/[^\x00]{1,200}/(?<version>[23]\.\d+\.\d+(?:(?:a|b|rc)\d+)?)\x00`),
  ),
  generic('pypy', /^libpypy[\d.]*(?:-c)?\.so(?:\.[\d.]+)?$/, re(String.raw`PyPy ${V2}`)),
  // A distribution of Go says so in a file; its programs do only since 1.19.
  {
    purl: 'generic/go',
    file: /^VERSION(?:\.cache)?$/,
    path: /(?:^|\/)go\/VERSION/,
    versions: [/^(?:devel )?go(?<version>\d+\.\d+(?:\.\d+)?(?:(?:beta|rc)\d+|-[0-9a-f]{7,40})?)\b/],
  },
  generic('go', /^go(?:\.exe)?$/, re(String.raw`(?<![\w.])go(?<version>\d+\.\d+(?:\.\d+)?(?:(?:beta|rc)\d+)?)\x00`)),
  generic(
    'julia',
    /^(?:julia|libjulia-internal\.so(?:\.[\d.]+)?)$/,
    re(String.raw`(?:__init__|jl_image_unpack|cannot be serialized)\x00${V}\x00`),
    re(String.raw`(?<![\w.])${V}\x00(?:verify_methods|branch)\x00`),
  ),
  { purl: 'golang/helm.sh/helm', file: /^helm$/, versions: [goText('v')] },
  generic(
    'redis',
    /^redis-server(?:-\w+)?$/,
    // Behind the version stand the name of the machine that built it, in a container twelve digits, and the time.
    re(String.raw`(?<![\d.])(?<version>\d\.\d{1,2}\.\d{1,2})(?:[0-9a-f]{12}|[a-z][\w.-]{0,60})-\d{10}`),
    // Built reproducibly, the time follows at once, and what git says of the sources.
    re(String.raw`(?<![\d.])(?<version>\d\.\d{1,2}\.\d{1,2})\d{10}[01][0-9a-f]{8}\x00`),
    re(String.raw`\x00(?<version>\d\.\d{1,2}\.\d{1,2})\x00(?:c11|atomic|sync)-builtin\x00`),
    // Its messages speak of older versions, with two numbers: `since Redis 4.0`.
    re(String.raw`Redis (?:server )?v?=?\s?(?<version>\d+\.\d+\.\d+(?:-rc\d+)?)`),
  ),
  generic(
    'valkey',
    /^valkey-server$/,
    re(String.raw`[^\d.](?<version>\d\.\d{1,2}\.\d{1,2})(?:[0-9a-z-]{1,40})-\d{10,}`),
  ),
  // Its own sources, which are in it, speak of older versions: `Before node v10.12.0 stdio …`.
  generic('node', /^node(?:js)?$/, re(String.raw`node\.js/v${V}`), re(String.raw`(?<!before )node v${V}`)),
  generic('busybox', /^(?:busybox|\[)$/, re(String.raw`BusyBox v${V2}`)),
  generic('util-linux', /^getopt$/, re(String.raw`util-linux ${V2}`)),
  generic(
    'haproxy',
    /^haproxy$/,
    re(String.raw`version (?<version>\d+\.\d+(?:\.\d+)?(?:-dev\d+)?)[^,\x00]{0,40}, released`),
    // Its messages speak of older versions, with two numbers: `since HAProxy version 2.5`.
    re(String.raw`HA-?Proxy version (?<version>\d+\.\d+\.\d+)`),
  ),
  generic(
    'perl',
    /^perl(?:5[\d.]*)?$/,
    re(String.raw`/usr(?:/local)?/lib/[\w-]{0,40}/?perl\d?/(?<version>5\.\d+\.\d+)`),
    re(String.raw`\x00v(?<version>5\.\d+\.\d+)\x00`),
  ),
  generic('lua', /^lua(?:5\.?\d)?$/, re(String.raw`Lua (?<version>5\.\d\.\d{1,2}) {2}Copyright`)),
  generic(
    'composer',
    /^composer(?:\.phar)?$/,
    re(String.raw`(?:const VERSION = '|pre-release\x00)(?<version>\d+\.\d+\.\d+(?:-\w+)?)'`),
  ),
  generic('httpd', /^(?:httpd|apache2)$/, re(String.raw`Apache/${V2}`)),
  generic('memcached', /^memcached$/, re(String.raw`memcached ${V2}`), alone(String.raw`(?<version>1\.\d+\.\d+)`)),
  generic('traefik', /^traefik$/, goText('v?')),
  generic(
    'arangodb',
    /^arangosh$/,
    re(String.raw`\x00(?<version>\d+\.\d+\.\d+(?:-\d+)?) (?:enterprise )?\[linux\]`),
    re(String.raw`ArangoDB ${V2}`),
  ),
  generic(
    'postgresql',
    /^postgres$/,
    re(String.raw`\(PostgreSQL\) ${V2}`),
    re(String.raw`PostgreSQL ${V2} on `),
    re(String.raw`PostgreSQL ${V2}`),
  ),
  {
    purl: 'generic/mariadb',
    file: /^(?:mariadb|mariadbd|mysql|mysqld)$/,
    family: 'mysql',
    versions: [re(String.raw`(?<version>\d+\.\d+\.\d+)-MariaDB`)],
  },
  {
    purl: 'generic/percona-xtradb-cluster',
    file: /^mysqld?$/,
    family: 'mysql',
    versions: [re(String.raw`Percona-XtraDB-Cluster-(?<version>\d+\.\d+\.\d+(?:-\d+(?:\.\d+)?)?)`)],
  },
  {
    purl: 'generic/percona-server',
    file: /^mysqld?$/,
    family: 'mysql',
    versions: [re(String.raw`percona-server-(?<version>\d+\.\d+\.\d+(?:-\d+(?:\.\d+)?)?)`)],
  },
  {
    purl: 'generic/mysql-cluster',
    file: /^(?:mysqld|ndbd|ndbmtd|ndb_mgmd)$/,
    family: 'mysql',
    versions: [re(String.raw`mysql-cluster-(?:gpl|com|commercial)-(?<version>\d+\.\d+\.\d+)`)],
  },
  {
    purl: 'generic/mysql-server',
    file: /^mysqld$/,
    family: 'mysql',
    versions: [re(String.raw`/mysql-(?<version>\d+\.\d+\.\d+)/`), alone(String.raw`(?<version>[5-9]\.\d+\.\d+)`)],
  },
  {
    purl: 'generic/mysql',
    file: /^mysql$/,
    family: 'mysql',
    versions: [
      re(String.raw`\x00(?<version>[5-9]\.\d+\.\d+)\x00{1,8}mysql_`),
      re(String.raw`/mysql-(?<version>\d+\.\d+\.\d+)/`),
    ],
  },
  generic(
    'percona-xtrabackup',
    /^xtrabackup$/,
    re(String.raw`percona-xtrabackup-(?<version>\d+\.\d+\.\d+(?:-\d+)?)`),
    re(String.raw`xtrabackup version (?<version>\d+\.\d+\.\d+)`),
  ),
  generic(
    'rust',
    /^libstd-[0-9a-f]{16}\.(?:so|dylib)$/,
    re(String.raw`rustc version (?<version>\d+\.\d+\.\d+(?:-\w+)?)`),
    re(String.raw`ec (?<version>\d+\.\d+\.\d+(?:-\w+)?) \([0-9a-f]{9} `),
  ),
  generic(
    'ruby',
    /^(?:ruby(?:\d\.\d)?|libruby[\d.-]*\.so(?:\.[\d.]+)?)$/,
    re(String.raw`ruby (?<version>\d+\.\d+\.\d+(?:p\d+|preview\d+|rc\d+)?) \(`),
  ),
  generic(
    'erlang',
    /^(?:erlexec|beam\.smp|liberts_internal\.a)$/,
    re(String.raw`kernel-poll[^\x00]{0,40}\x00(?<version>\d+(?:\.\d+){1,5})\x00`),
    re(String.raw`/lib/erlang/erts-(?<version>\d+(?:\.\d+){1,4})/`),
    re(String.raw`Erlang/OTP (?<version>\d+(?:\.\d+){1,4})`),
  ),
  generic('swipl', /^swipl$/, re(String.raw`swipl-(?<version>\d+\.\d+\.\d+)/`)),
  generic('dart', /^dart$/, re(String.raw`(?<version>\d+\.\d+\.\d+(?:-[\w.]{1,20})?) \((?:stable|beta|dev|be)\) \(`)),
  generic(
    'deno',
    /^deno$/,
    re(String.raw`Deno/(?<version>\d+\.\d+\.\d+)`),
    re(String.raw`release/v(?<version>\d+\.\d+\.\d+)windows`),
    re(String.raw`[0-9a-f]{40}(?<version>\d\.\d+\.\d+)release/v`),
  ),
  generic(
    'bun',
    /^bun$/,
    re(String.raw`Bun v(?<version>\d+\.\d+\.\d+)`),
    re(String.raw`\x00bun-(?<version>\d+\.\d+\.\d+)\x00`),
  ),
  {
    purl: 'generic/haskell/ghc',
    file: /^ghc(?:-[\d.]+)?$/,
    versions: [re(String.raw`libHSghc-(?<version>\d+\.\d+\.\d+)-`), re(String.raw`/ghc-(?<version>\d+\.\d+\.\d+)/`)],
  },
  {
    purl: 'generic/haskell/cabal',
    file: /^cabal$/,
    versions: [
      re(String.raw`/cabal-install-(?<version>\d+(?:\.\d+){2,3})-`),
      re(String.raw`(?:C|c)abal(?:-install)?-(?<version>\d+(?:\.\d+){2,3})-inplace`),
    ],
  },
  { purl: 'generic/haskell/stack', file: /^stack$/, versions: [re(String.raw`stack-(?<version>\d+\.\d+\.\d+)-`)] },
  {
    purl: 'golang/github.com/hashicorp/consul',
    file: /^consul$/,
    versions: [re(String.raw`consul/version\.GitDescribe=v?${V}`), goText('v'), re(String.raw`CONSUL_VERSION: ${V}`)],
  },
  {
    purl: 'golang/github.com/hashicorp/vault',
    file: /^vault$/,
    versions: [
      re(String.raw`(?:0x%016x|index_state)(?<version>1\.\d{1,2}\.\d{1,2}(?:-rc\d)?)(?=\D|\d{3}-abc|1\.4)`),
      re(String.raw`Vault v(?<version>\d+\.\d+\.\d+)`),
    ],
  },
  generic(
    'nginx',
    /^nginx$/,
    re(String.raw`nginx version: (?:nginx|openresty)/(?<version>\d+\.\d+\.\d+(?:\.\d+)?(?:[+-][\w.]{1,20})?)`),
  ),
  generic('bash', /^bash$/, re(String.raw`@\(#\)Bash version (?<version>\d+\.\d+\.\d+)`)),
  {
    purl: 'generic/aws-lc',
    file: /^openssl$/,
    family: 'openssl',
    versions: [re(String.raw`AWS-LC (?<version>\d+\.\d+\.\d+)`)],
  },
  {
    purl: 'generic/openssl',
    file: /^(?:openssl|libcrypto\.so(?:\.[\d.]+)?)$/,
    family: 'openssl',
    versions: [re(String.raw`OpenSSL (?<version>\d+\.\d+\.\d+(?:[a-z]{1,2}|-(?:alpha|beta)\d+)?)\s`)],
  },
  generic('openldap', /^ldapsearch$/, re(String.raw`OpenLDAP: ldapsearch (?<version>\d+\.\d+\.\d+)`)),
  generic('qtbase', /^libQt\d?Core\.so(?:\.[\d.]+)?$/, re(String.raw`Qt (?<version>\d+\.\d+\.\d+) \(`)),
  generic('gcc', /^gcc$/, re(String.raw`GCC: \([^)\x00]{1,60}\) (?<version>\d+\.\d+\.\d+)`)),
  {
    purl: 'github/fluent/fluent-bit',
    file: /^fluent-bit$/,
    versions: [
      re(String.raw`\x00{2,8}(?<version>\d+\.\d+\.\d+)\x00{1,8}(?:%s)?Fluent Bit v%s`),
      re(String.raw`\x00(?<version>\d+\.\d+\.\d+)\x00%sFluent Bit v%s`),
    ],
  },
  generic('wp-cli', /^wp(?:-cli\.phar)?$/, re(String.raw`WP_CLI_VERSION', '(?<version>\d+\.\d+\.\d+)'`)),
  generic(
    'curl',
    /^curl$/,
    re(String.raw`curl/(?<version>\d+\.\d+\.\d+)`),
    re(String.raw`\x00(?<version>[78]\.\d+\.\d+)\x00[^\x00]{0,40}curl`),
  ),
  generic('lighttpd', /^lighttpd$/, re(String.raw`lighttpd/(?<version>\d+\.\d+\.\d+)`)),
  generic('proftpd', /^proftpd$/, re(String.raw`ProFTPD (?:Version )?(?<version>\d+\.\d+\.\d+(?:rc\d+|[a-z])?)`)),
  generic('zstd', /^zstd(?:mt)?$/, re(String.raw`\x00v(?<version>1\.\d+\.\d+)\x00`)),
  generic('xz', /^xz$/, re(String.raw`xz \(XZ Utils\) (?<version>\d+\.\d+\.\d+(?:alpha|beta)?)`)),
  generic(
    'gzip',
    /^gzip$/,
    re(String.raw`\x00(?<version>1\.\d{1,2})\x00[^\x00]{0,60}(?:gzip|Copyright)`),
    re(String.raw`zipping\n\x00{1,8}(?<version>1\.\d{1,2})\x00`),
  ),
  generic('sqlcipher', /^sqlcipher$/, re(String.raw`community\x00(?<version>\d+\.\d+\.\d+)\x00`)),
  generic(
    'jq',
    /^jq$/,
    re(String.raw`\x00(?<version>1\.\d+(?:\.\d+)?(?:rc\d)?)\x00{1,8}(?:DEBUG:|jq)`),
    re(String.raw`jq-(?<version>1\.\d+(?:\.\d+)?)\x00`),
  ),
  generic(
    'chrome',
    /^(?:chrome|chromium)$/,
    re(String.raw`\x00(?<version>\d{2,3}\.0\.\d{4,5}\.\d{1,4})\x00Default`),
    re(String.raw`(?:Chrome|Chromium)/(?<version>\d{2,3}\.0\.\d{4,5}\.\d{1,4})`),
  ),
  {
    purl: 'generic/firefox',
    file: /^application\.ini$/,
    path: /firefox/i,
    versions: [/^Version=(?<version>\d+\.\d+(?:\.\d+)?(?:esr|[ab]\d+)?)$/m],
  },
  generic(
    'ffmpeg',
    /^(?:ffmpeg|ffprobe|lib(?:av\w+|sw(?:resample|scale))\.so(?:\.[\d.]+)?)$/,
    re(String.raw`%s version (?<version>n?\d+\.\d+(?:\.\d+)?)[\x00-]`),
    re(String.raw`FFmpeg version (?<version>\d+\.\d+(?:\.\d+)?)`),
  ),
  generic('elixir', /^elixir$/, re(String.raw`ELIXIR_VERSION=(?<version>\d+\.\d+\.\d+(?:-[\w.]{1,12})?)`)),
  generic(
    'istio',
    /^pilot-(?:agent|discovery)$/,
    re(
      String.raw`(?<![\w.])(?<version>\d+\.\d+(?:\.\d+)?(?:-(?:alpha|beta|rc|dev)(?:\.\d+)?)?)\x00{1,8}\k<version>\x00`,
    ),
    re(String.raw`(?:Clean|Modified)\x00{1,12}(?<version>\d+\.\d+(?:\.\d+)?(?:-[\w.]{1,12})?)\x00`),
    re(String.raw`(?<![\w.])\d+\.\d+\.\d+\x00{1,8}(?<version>\d+\.\d+\.\d+)\x00`),
    re(String.raw`\x00(?<version>1\.\d{1,2}\.\d{1,3})\x00{2}`),
  ),
  generic(
    'grafana',
    /^grafana(?:-server)?$/,
    re(String.raw`\x00release-(?<version>\d+\.\d+\.\d+\+security-\d{2})\x00`),
    re(String.raw`\x00HEAD\x00{1,60}(?<version>\d+\.\d+\.\d+(?:-[\w.]{1,20})?)\x00`),
    re(String.raw`HEAD\x00{4}[^.]{1,60}\x00(?<version>\d+\.\d+\.\d+(?:-[\w.]{1,20})?)\x00`),
    re(String.raw`\x00(?<version>\d{1,2}\.\d{1,2}\.\d{1,2}(?:-[\w.]{1,20})?)\x00{2}`),
  ),
  generic(
    'envoy',
    /^envoy$/,
    re(
      String.raw`\x00(?<version>1\.\d{1,2}\.\d{1,2}(?:-dev)?)\x00(?:No recorded|Unable to|Extract called|source/common|external/|RAWRR|envoy_quiche|\. This conf)`,
    ),
    re(String.raw`[0-9a-f]{40}/(?<version>1\.\d+\.\d+)/(?:Clean|Distribution)`),
  ),
  generic(
    'mongodb',
    /^mongo[ds]$/,
    re(String.raw`\x00(?<version>\d\.\d\.\d{1,2}(?:-rc\d+)?)\x00(?:tcmalloc|heap_size)`),
    re(String.raw`\x00(?<version>[3-9]\.\d\.\d{1,2})\x00`),
  ),
  generic('nginx-ingress-controller', /^nginx-ingress-controller$/, goText('v?')),
  ...['filebeat', 'metricbeat', 'heartbeat', 'packetbeat', 'auditbeat'].map((name) =>
    generic(
      name,
      new RegExp(`^${name}$`),
      re(String.raw`(?:setupTest ?|\.rate)(?<version>\d+\.\d+\.\d+)(?=[^\d.])`),
      re(String.raw`beat-(?<version>\d+\.\d+\.\d+)`),
    ),
  ),
  generic(
    'elastic-agent',
    /^elastic-agent$/,
    re(String.raw`enroll: true(?<version>\d+\.\d+\.\d+)-header`),
    re(String.raw`elastic-agent[ /-]v?(?<version>\d+\.\d+\.\d+)`),
  ),
  {
    purl: 'generic/heimdal-krb5',
    file: /^libkrb5\.so(?:\.[\d.]+)?$/,
    family: 'krb5',
    versions: [re(String.raw`Heimdal (?<version>\d+\.\d+(?:\.\d+)?)`)],
  },
  {
    purl: 'generic/krb5',
    file: /^libkrb5\.so(?:\.[\d.]+)?$/,
    family: 'krb5',
    versions: [
      re(String.raw`krb5-(?<version>\d+\.\d+(?:\.\d+)?)-final`),
      re(String.raw`KRB5_BRAND: krb5-(?<version>\d+\.\d+(?:\.\d+)?)`),
    ],
  },
  {
    purl: 'generic/php',
    file: /^(?:php(?:\d(?:\.\d)?)?|php-(?:fpm|cgi)[\d.]*|libphp[\d.]*\.so)$/,
    versions: [
      re(String.raw`X-Powered-By: PHP/(?<version>\d+\.\d+\.\d+(?:(?:alpha|beta|RC)\d+)?)`),
      re(String.raw`PHP/(?<version>\d+\.\d+\.\d+)`),
    ],
  },
  {
    purl: 'generic/oracle/graalvm',
    file: /^(?:java|jdb)$/,
    family: 'java',
    versions: [re(String.raw`\x00(?<version>\d+\.\d+\.\d+\+\d+-jvmci-[\w.-]{1,20})\x00`)],
  },
  {
    purl: 'generic/azul/zulu',
    file: /^(?:java|jdb)$/,
    path: /zulu/i,
    family: 'java',
    versions: [re(String.raw`\x00(?<version>(?:1\.)?\d+(?:\.\d+){0,3}[_+][\w.+-]{1,30})\x00`)],
  },
  {
    purl: 'generic/ibm/java_sdk',
    file: /^jdb$/,
    family: 'java',
    also: /IBM/,
    versions: [re(String.raw`\x00(?<version>1\.[5-8]\.0)\x00`)],
  },
  {
    purl: 'generic/ibm/java',
    file: /^java$/,
    family: 'java',
    also: /IBM/,
    versions: [re(String.raw`\x00(?<version>1\.[5-8]\.0)\x00`)],
  },
  {
    purl: 'generic/oracle/openjdk',
    file: /^(?:java|jdb)$/,
    family: 'java',
    also: /openjdk/,
    versions: [re(String.raw`\x00(?<version>(?:1\.)?\d+(?:\.\d+){0,4}(?:_\d+)?[+-][\w.+-]{1,40})\x00`)],
  },
  {
    purl: 'generic/oracle/jdk',
    file: /^jdb$/,
    family: 'java',
    versions: [re(String.raw`\x00(?<version>1\.\d\.0_\d+-b\d+)\x00`)],
  },
  {
    purl: 'generic/oracle/jre',
    file: /^java$/,
    family: 'java',
    versions: [
      re(String.raw`\x00(?<version>1\.\d\.0_\d+-b\d+)\x00`),
      re(String.raw`\x00(?<version>\d+\.\d+\.\d+(?:\.\d+)?\+[\w.+-]{1,30})\x00`),
    ],
  },
];
