/** Projects that build without Maven leave no coordinates in their jars, but always publish under the same group. */
interface Known {
  /** Matched against the whole artifact id. */
  readonly artifact: RegExp;
  readonly group: string;
  /** What the manifest must say somewhere, so that another's jar of this name is not taken for it. */
  readonly proof: RegExp;
  readonly versions?: RegExp;
}

const SPRING =
  'aop|aspects|beans|context|context-indexer|context-support|core|core-test|expression|instrument|jcl|jdbc|jms|messaging|orm|oxm|r2dbc|test|tx|web|webflux|webmvc|websocket';

const KNOWN: readonly Known[] = [
  { artifact: /^spring-boot(?:-[a-z0-9-]+)?$/, group: 'org.springframework.boot', proof: /^spring[.-]boot/m },
  { artifact: new RegExp(`^spring-(?:${SPRING})$`), group: 'org.springframework', proof: /^spring[.-]/m },
  {
    artifact: /^spring-security-[a-z0-9-]+$/,
    group: 'org.springframework.security',
    proof: /^spring[.-]security/m,
  },
  { artifact: /^tomcat-embed-[a-z]+$/, group: 'org.apache.tomcat.embed', proof: /^org\.apache\.tomcat/m },
  { artifact: /^micrometer-[a-z0-9-]+$/, group: 'io.micrometer', proof: /^micrometer\./m },
  { artifact: /^checker-(?:qual|util)$/, group: 'org.checkerframework', proof: /^org\.checkerframework|^checker-/m },
  {
    artifact: /^hibernate-commons-annotations$/,
    group: 'org.hibernate.common',
    proof: /Hibernate\.org/,
    versions: /^6/,
  },
  { artifact: /^hibernate-[a-z]+$/, group: 'org.hibernate.orm', proof: /^org\.hibernate\.orm/m, versions: /^[6-9]/ },
  { artifact: /^hibernate-[a-z]+$/, group: 'org.hibernate', proof: /^org\.hibernate/m, versions: /^[345]/ },
  { artifact: /^postgresql$/, group: 'org.postgresql', proof: /^org\.postgresql/m },
  { artifact: /^kotlin-[a-z0-9-]+$/, group: 'org.jetbrains.kotlin', proof: /^kotlin\./m },
  { artifact: /^kotlinx-coroutines-[a-z0-9-]+$/, group: 'org.jetbrains.kotlinx', proof: /^kotlinx\.coroutines/m },
  {
    artifact: /^groovy(?:-[a-z0-9-]+)?$/,
    group: 'org.apache.groovy',
    proof: /^org\.apache\.groovy|Groovy/m,
    versions: /^[4-9]/,
  },
  { artifact: /^groovy(?:-[a-z0-9-]+)?$/, group: 'org.codehaus.groovy', proof: /groovy/i, versions: /^[123]/ },
  { artifact: /^okhttp$/, group: 'com.squareup.okhttp3', proof: /^okhttp3$/m, versions: /^[3-9]/ },
  { artifact: /^okio(?:-jvm)?$/, group: 'com.squareup.okio', proof: /^okio$/m },
  { artifact: /^reactor-core$/, group: 'io.projectreactor', proof: /^reactor\.core/m },
  { artifact: /^reactor-netty-[a-z0-9-]+$/, group: 'io.projectreactor.netty', proof: /^reactor\.netty/m },
  { artifact: /^rxjava$/, group: 'io.reactivex.rxjava3', proof: /^io\.reactivex\.rxjava3/m, versions: /^3/ },
  {
    artifact: /^bc(?:prov|pkix|util|pg|tls|mail)-jdk\d+[a-z]*\d*$/,
    group: 'org.bouncycastle',
    proof: /^org\.bouncycastle|^bc(?:prov|pkix|util|pg|tls|mail)|BouncyCastle/m,
  },
  { artifact: /^asm(?:-(?:analysis|commons|tree|util))?$/, group: 'org.ow2.asm', proof: /^org\.objectweb\.asm/m },
  { artifact: /^aspectj(?:rt|weaver|tools)$/, group: 'org.aspectj', proof: /^org\.aspectj/m },
  { artifact: /^lucene-[a-z0-9-]+$/, group: 'org.apache.lucene', proof: /^org\.apache\.lucene/m },
  {
    artifact: /^opentelemetry-(?:api|context|common|sdk(?:-[a-z-]+)?|exporter-[a-z-]+)$/,
    group: 'io.opentelemetry',
    proof: /^io\.opentelemetry/m,
  },
  { artifact: /^junit$/, group: 'junit', proof: /^junit/im, versions: /^(?:3|4)\b/ },
  { artifact: /^hamcrest(?:-[a-z]+)?$/, group: 'org.hamcrest', proof: /^hamcrest|^org\.hamcrest/m },
  { artifact: /^grpc-[a-z0-9-]+$/, group: 'io.grpc', proof: /^io\.grpc/m },
  { artifact: /^caffeine$/, group: 'com.github.ben-manes.caffeine', proof: /^com\.github\.benmanes\.caffeine/m },
  {
    artifact: /^junit-jupiter(?:-[a-z]+)?$/,
    group: 'org.junit.jupiter',
    proof: /^org\.junit\.jupiter|^junit-jupiter/m,
  },
];

const NAMING = [
  'Automatic-Module-Name',
  'Bundle-SymbolicName',
  'Implementation-Title',
  'Implementation-Vendor',
  'Implementation-Vendor-Id',
  'Bundle-Vendor',
];

/** The group of a jar without Maven's files, for what is known by its name and proven by its manifest. */
export function knownGroup(
  artifact: string,
  version: string,
  manifest: Readonly<Record<string, string>>,
): string | undefined {
  const text = NAMING.map((name) => manifest[name] ?? '').join('\n');
  return KNOWN.find(
    (one) => one.artifact.test(artifact) && (one.versions?.test(version) ?? true) && one.proof.test(text),
  )?.group;
}
