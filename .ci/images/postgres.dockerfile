# PostgreSQL of the packages, under the name of the official image, whose entry point this one resembles.
FROM tidegate-databases
COPY postgres-entrypoint /usr/local/bin/docker-entrypoint.sh
RUN ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/ && \
    mkdir -p /docker-entrypoint-initdb.d /var/run/postgresql && chown postgres: /var/run/postgresql
ENV LANG=C.UTF-8 PGDATA=/var/lib/postgresql/18/docker
VOLUME /var/lib/postgresql
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
