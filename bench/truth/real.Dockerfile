FROM scratch
ADD base/base.tar /
LABEL org.opencontainers.image.title=real org.opencontainers.image.vendor="Acme Ltd" org.opencontainers.image.authors="Acme Ltd <sbom@acme.example>"
ENV LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive
RUN apt-get update -q && apt-get install -y -q --no-install-recommends wget curl git python3-venv python3-pip python3-numpy python3-yaml python3-requests python3-twisted
RUN apt-get install -y -q --no-install-recommends ruby rails bundler ruby-dev
RUN apt-get install -y -q --no-install-recommends npm node-typescript
RUN apt-get install -y -q --no-install-recommends openjdk-17-jre-headless maven libspring-core-java libjetty9-java
RUN apt-get install -y -q --no-install-recommends nginx redis-server memcached haproxy apache2 lua5.4 busybox sqlite3 postgresql-15 mariadb-server \
  r-base-core erlang-base php-cli php-symfony-console php-twig
COPY node_copy/ /usr/local/
COPY npm_app/ /app/
RUN python3 -m venv /srv/venv && /srv/venv/bin/pip install -q --no-index --find-links=/wheels paramiko six==1.16.0 \
  -r /app/requirements.txt
RUN pip install -q --break-system-packages --no-index --find-links=/wheels black
RUN gem install --local --no-document /gems/alpha-one-1.2.3.gem /gems/beta_two-1.2.3.gem
COPY php/ /srv/php/
COPY go_bins/ /usr/local/bin/
COPY rust/bin/ /usr/local/bin/
COPY maven/lib/ /opt/java/lib/
COPY maven/target/ /opt/java/app/
COPY jre/ /opt/
RUN mkdir -p /opt/bin && cp /usr/sbin/nginx /usr/bin/redis-server /usr/bin/memcached /usr/sbin/haproxy /usr/sbin/apache2 /bin/busybox /usr/bin/lua5.4 /bin/bash /opt/bin/ && cp /usr/bin/perl /opt/bin/perl
RUN apt-get purge -y -q wget && rm -rf /app/node_modules/left-pad
RUN /srv/venv/bin/pip uninstall -q -y paramiko && /srv/venv/bin/pip install -q --no-index --find-links=/wheels --no-deps -U six==1.17.0
RUN echo 'deb http://deb.debian.org/debian-security bookworm-security main' > /etc/apt/sources.list.d/security.list \
  && apt-get update -q && apt-get install -y -q --no-install-recommends jq && apt-get upgrade -y -q && rm -rf /var/lib/apt/lists
USER 1000
CMD ["node", "/app/index.js"]
