--liquibase formatted sql
--changeset training:3
CREATE INDEX visits_place ON visits (place);
