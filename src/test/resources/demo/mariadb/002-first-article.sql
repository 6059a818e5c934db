INSERT INTO articles (title) VALUES ('The gate opens');
