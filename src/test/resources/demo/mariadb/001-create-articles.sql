CREATE TABLE articles (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  title varchar(200) NOT NULL
);
