# MariaDB of the packages, under the name of the official image, whose entry point this one resembles.
FROM tidegate-databases
COPY mariadb-entrypoint /usr/local/bin/docker-entrypoint.sh
RUN printf '[mariadbd]\nbind-address=*\nskip-name-resolve\n' >/etc/mysql/mariadb.conf.d/99-image.cnf && \
    mkdir -p /docker-entrypoint-initdb.d /run/mysqld && chown mysql: /run/mysqld
VOLUME /var/lib/mysql
EXPOSE 3306
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["mariadbd"]
