--liquibase formatted sql

--changeset demo:create-orders
CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer text NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT now()
);
--rollback DROP TABLE orders;

--changeset demo:index-orders-by-customer
CREATE INDEX orders_customer ON orders (customer);
--rollback DROP INDEX orders_customer;
