# Redis of the packages, under the name of the official image, whose entry point this one resembles.
FROM tidegate-databases
COPY redis-entrypoint /usr/local/bin/docker-entrypoint.sh
RUN mkdir -p /data && chown redis: /data
VOLUME /data
WORKDIR /data
EXPOSE 6379
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["redis-server"]
