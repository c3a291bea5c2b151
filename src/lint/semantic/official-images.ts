/**
 * Docker's official images that Dockerfiles build upon or copy programs out of: a bare name that is none of these may as
 * well be a stage or a named context.
 */
export const officialImages: ReadonlySet<string> = new Set([
  // Systems.
  ...['almalinux', 'alpine', 'amazonlinux', 'buildpack-deps', 'busybox', 'centos', 'debian', 'fedora', 'rockylinux'],
  'ubuntu',
  // Languages and their tools.
  ...['amazoncorretto', 'bash', 'clojure', 'composer', 'dart', 'eclipse-temurin', 'elixir', 'erlang', 'gcc', 'golang'],
  ...['gradle', 'haskell', 'jruby', 'julia', 'maven', 'node', 'openjdk', 'perl', 'php', 'pypy', 'python', 'ruby'],
  ...['rust', 'swift'],
  // Services.
  ...['caddy', 'consul', 'docker', 'drupal', 'flink', 'haproxy', 'httpd', 'influxdb', 'kibana', 'mariadb', 'memcached'],
  ...['mongo', 'mysql', 'neo4j', 'nginx', 'postgres', 'rabbitmq', 'redis', 'registry', 'tomcat', 'traefik', 'vault'],
  'wordpress',
]);
