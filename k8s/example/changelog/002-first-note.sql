INSERT INTO notes (id, text) VALUES (1, 'written by the second changeset');
